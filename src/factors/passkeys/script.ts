/** The script of the passkeys' pages, under a name that changes with what is in it. */

import { asset } from '../../pages/assets.js'
import { passkeyScript } from './asset-files.js'

/** The script. */
export const script = asset(passkeyScript, 'js', 'text/javascript', 'passkey')
