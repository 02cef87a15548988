/** Keeps things by time: the earliest comes out first, and of one time the one that was put in first. */
export interface TimeQueue<T> {
  push (at: number, item: T): void
  /** Undefined where the queue is empty. */
  nextAt (): number | undefined
  pop (): Timed<T> | undefined
}

export interface Timed<T> {
  readonly at: number
  readonly item: T
}

interface Entry<T> extends Timed<T> {
  readonly order: number
}

export function createTimeQueue<T> (): TimeQueue<T> {
  // A binary heap: the children of i are 2i + 1 and 2i + 2, and none comes before its parent.
  const heap: Entry<T>[] = []
  let pushed = 0

  function sinkFrom (index: number, entry: Entry<T>): void {
    for (;;) {
      const left = heap[2 * index + 1]
      const right = heap[2 * index + 2]
      const takesRight = right !== undefined && left !== undefined && before(right, left)
      const child = takesRight ? right : left
      if (child === undefined || before(entry, child)) break
      heap[index] = child
      index = 2 * index + (takesRight ? 2 : 1)
    }
    heap[index] = entry
  }

  return {
    push (at, item) {
      const entry = { at, item, order: pushed++ }
      let index = heap.length
      while (index > 0) {
        const parentIndex = (index - 1) >> 1
        const parent = heap[parentIndex]
        if (parent === undefined || before(parent, entry)) break
        heap[index] = parent
        index = parentIndex
      }
      heap[index] = entry
    },
    nextAt: () => heap[0]?.at,
    pop () {
      const first = heap[0]
      const last = heap.pop()
      if (last !== undefined && heap.length > 0) sinkFrom(0, last)
      return first
    }
  }
}

function before (one: Entry<unknown>, two: Entry<unknown>): boolean {
  return one.at < two.at || (one.at === two.at && one.order < two.order)
}
