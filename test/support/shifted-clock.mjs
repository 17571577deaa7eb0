/** Loaded before the example: lets the test that started the process move its clock. */

const machine = Date.now
let shift = 0

Date.now = () => machine() + shift

process.on('message', (milliseconds) => {
  shift += milliseconds
  process.send(shift)
})
// The test may go on listening; that must not keep the process from stopping.
process.channel.unref()
