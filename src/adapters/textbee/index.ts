/** Sends codes through TextBee: `passport-second-factor/textbee`. */

export { textbeeSender } from './textbee-sender.js'
export type { TextbeeSenderOptions } from './options.js'
