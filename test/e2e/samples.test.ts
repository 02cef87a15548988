import { expect, test } from 'vitest'
import { sumOfMetric } from './deployment.ts'
import { embeddedDeployment } from './embedded-deployment.ts'
import { describeSamples } from './samples-suite.ts'

describeSamples(embeddedDeployment, (deployment) => {
  test('nothing was transformed twice, and the log tells its limit', async () => {
    const texts = await deployment().metrics()
    expect(sumOfMetric(texts, 'loyalty_transform_records_total{record="activities"}')).toBe(3)
    expect(sumOfMetric(texts, 'loyalty_log_backlog_bytes{kind="limit"}')).toBe(8589934592)
  })
})
