/** A set of records of the log, each by topic, partition and offset. */
export interface RecordPositions {
  has (topic: string, partition: number, offset: number): boolean
}

export const noPositions: RecordPositions = { has: () => false }

const pattern = /^([\w.-]+):(\d{1,9}):(\d{1,15})$/

/** Reads `nector.raw:0:12345,orders:2:7`. Undefined where it says anything else. */
export function parseRecordPositions (text: string): RecordPositions | undefined {
  const listed = new Set<string>()
  for (const part of text.split(',').map((one) => one.trim()).filter((one) => one !== '')) {
    const [, topic, partition, offset] = pattern.exec(part) ?? []
    if (topic === undefined) return undefined
    listed.add(keyOf(topic, Number(partition), Number(offset)))
  }
  return { has: (topic, partition, offset) => listed.has(keyOf(topic, partition, offset)) }
}

function keyOf (topic: string, partition: number, offset: number): string {
  return `${topic}:${partition}:${offset}`
}
