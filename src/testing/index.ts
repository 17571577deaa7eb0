/** For those who write a store, a sender, or tests of an application: `passport-second-factor/testing`. */

export { storeContract, type StoreContractCase, type StoreUnderTest } from './store-contract.js'
