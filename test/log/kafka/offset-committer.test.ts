import { expect, test } from 'vitest'
import { OffsetCommitter } from '../../../log/kafka/offset-committer.ts'

type Commit = ReadonlyArray<{ readonly topic: string, readonly partition: number, readonly offset: string }>

function committerWith (commit: (positions: Commit, call: number) => Promise<void>): { readonly committer: OffsetCommitter, readonly commits: string[][], readonly errors: unknown[] } {
  const commits: string[][] = []
  const errors: unknown[] = []
  const committer = new OffsetCommitter({
    consumer: {
      async commitOffsets (positions) {
        commits.push(positions.map(({ topic, partition, offset }) => `${topic}:${partition}=${offset}`))
        await commit(positions, commits.length)
      }
    },
    onError: (error) => { errors.push(error) }
  })
  return { committer, commits, errors }
}

test('acknowledgements gather while a commit is under way, and the last of a partition counts', async () => {
  let release = () => {}
  const { committer, commits } = committerWith(async (_positions, call) => {
    if (call === 1) await new Promise<void>((resolve) => { release = resolve })
  })
  committer.acknowledged('t', 0, 10)
  await new Promise((resolve) => setTimeout(resolve, 10))
  committer.acknowledged('t', 0, 20)
  committer.acknowledged('t', 1, 5)
  committer.acknowledged('t', 0, 30)
  release()
  await committer.close()
  expect(commits).toEqual([['t:0=10'], ['t:0=30', 't:1=5']])
})

test('a commit that fails is tried again, and is there after the close', async () => {
  const { committer, commits, errors } = committerWith(async (_positions, call) => {
    if (call === 1) throw new Error('rebalancing')
  })
  committer.acknowledged('t', 0, 10)
  await committer.close()
  expect(commits).toEqual([['t:0=10'], ['t:0=10']])
  expect(errors).toHaveLength(1)
})

test('a partition that another consumer has now is not committed', async () => {
  const { committer, commits } = committerWith(async () => {})
  committer.acknowledged('t', 0, 10)
  committer.acknowledged('t', 1, 10)
  committer.forget('t:0')
  await committer.close()
  expect(commits).toEqual([['t:1=10']])
})

test('a commit that never succeeds does not hold up the close for ever', async () => {
  const { committer, errors } = committerWith(async () => { throw new Error('away') })
  committer.acknowledged('t', 0, 10)
  await committer.close()
  expect(errors.length).toBeGreaterThan(2)
})
