import { Transform } from 'node:stream'

/**
 * Passes frames of Kafka's protocol (an int32 with the size of what follows) on, one at a time and whole, however TCP
 * cut them; `pass` sees each, size included, and says whether it goes on.
 */
export function kafkaFrames (pass: (frame: Buffer) => boolean): Transform {
  let held: Buffer[] = []
  let heldBytes = 0
  return new Transform({
    transform (chunk: Buffer, _encoding, done) {
      held.push(chunk)
      heldBytes += chunk.length
      // joined only when a frame may be whole: large ones come in many pieces
      if (heldBytes >= 4 && heldBytes >= wanted(held)) {
        let bytes = Buffer.concat(held)
        while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
          const end = 4 + bytes.readInt32BE(0)
          const frame = bytes.subarray(0, end)
          bytes = bytes.subarray(end)
          if (pass(frame)) this.push(frame)
        }
        held = bytes.length === 0 ? [] : [bytes]
        heldBytes = bytes.length
      }
      done()
    }
  })
}

/** The bytes that the first frame takes, as far as the first piece tells. */
function wanted ([first]: readonly Buffer[]): number {
  return first !== undefined && first.length >= 4 ? 4 + first.readInt32BE(0) : 4
}
