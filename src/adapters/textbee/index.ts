/** Sends codes through TextBee, and reads its receipts: `passport-second-factor/textbee`. */

export { textbeeReceipts, type TextbeeReceiptsOptions } from './receipts.js'
export { textbeeSender } from './textbee-sender.js'
export type { TextbeeSenderOptions } from './options.js'
