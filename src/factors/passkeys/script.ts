/** The script of the passkeys' pages, under a name that contains its hash. */

import { asset } from '../../pages/assets.js'
import { passkeyScript } from './asset-files.js'

/** The script. */
export const script = asset(passkeyScript, 'js', 'text/javascript', 'passkey')
