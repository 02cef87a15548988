import { expect, test } from 'vitest'
import { topicCheck } from '../../../log/kafka/topic-watch.ts'
import { AppError } from '../../../runtime/errors.ts'
import { logErrors } from '../../../log/log-errors.ts'

const gone = new AppError(logErrors.LOG_UNAVAILABLE, 'no', { cause: Object.assign(new Error('not here'), { type: 'UNKNOWN_TOPIC_OR_PARTITION' }) })

function watch (answers: ReadonlyArray<Error | undefined>): { readonly run: (seconds: number) => Promise<void>, readonly ended: AppError[] } {
  const ended: AppError[] = []
  let now = 0
  let asked = 0
  const check = topicCheck({
    signal: new AbortController().signal,
    describe: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)]
      if (answer !== undefined) throw answer
    },
    onGone: (error) => { ended.push(error) },
    now: () => now
  })
  return {
    ended,
    async run (seconds) {
      for (const until = now + seconds * 1000; now < until; now += 15_000) await check()
    }
  }
}

test('a topic that stays away for a minute ends the process, once', async () => {
  const { run, ended } = watch([undefined, gone])
  await run(60)
  expect(ended).toEqual([])
  await run(120)
  expect(ended).toMatchObject([{ code: 'LOG_TOPIC_UNSUITABLE' }])
})

test.each<[string, ReadonlyArray<Error | undefined>]>([
  ['that comes back', [gone, gone, gone, gone, undefined, gone, gone, gone, gone, undefined]],
  ['while Kafka does not answer in between', [gone, gone, gone, new Error('away'), gone, gone, gone, gone, new Error('away')]],
  ['while Kafka is away', [new Error('away')]]
])('not so one %s', async (_name, answers) => {
  const { run, ended } = watch(answers)
  await run(135)
  expect(ended).toEqual([])
})
