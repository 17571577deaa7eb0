/** The subpath `passport-second-factor/textbee`: SMS and receipts through TextBee. */

export { textbeeReceipts, type TextbeeReceiptsOptions } from './receipts.js'
export { textbeeSender } from './textbee-sender.js'
export type { TextbeeSenderOptions } from './options.js'
