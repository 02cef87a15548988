import { expect, test } from 'vitest'
import { createFiguresStage, type FiguresStageOptions } from '../../figures/figures-stage.ts'
import { parseRecordPositions } from '../../config/record-positions.ts'
import { codecs } from '../../schemas/codecs.ts'
import type { Change } from '../../schemas/changes.ts'
import type { FigureParameters } from '../../warehouse/figure-statements.ts'

const change = (number: number, fields: Partial<Change> = {}): Change => ({ change_id: `2a867f6d-cb7f-8fb7-8da4-00000000000${number}`, business: 'acme', kind: 'orders', keys: [`order-${number}`], arrived_at: 1, state: 0, ...fields })

/** A warehouse in memory that knows what each record touches; what is asked of it, in order. */
function memoryWarehouse (touched: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, string>>>>> = {}, fails: (name: string) => boolean = () => false) {
  const asked: Array<readonly [string, FigureParameters]> = []
  const noted: string[] = []
  const ask = (name: string, parameters: FigureParameters): void => {
    asked.push([name, parameters])
    if (fails(name)) throw new Error(`${name} failed`)
  }
  const options: FiguresStageOptions = {
    warehouse: {
      identities: { companions: async () => [], pairs: async () => [], keys: async () => [], save: async () => {}, now: async () => 0 },
      statements: {
        async workOut (name, parameters) { ask(name, parameters) },
        async lookUp (name, parameters) {
          ask(name, parameters)
          return touched[name] ?? []
        },
        asked: async () => [],
        kept: async () => []
      }
    },
    ledger: { waits: async () => {}, workedOut: async (changes) => { noted.push(...changes.map(({ change_id: id }) => id.slice(-1))) } }
  }
  return { options, asked, noted, names: () => asked.map(([name]) => name) }
}

const batch = (changes: readonly Change[]) => ({ topic: 'changes', partition: 0, records: changes.map((one, offset) => ({ offset, timestamp: 1, value: codecs.changes.encode(one) })), signal: new AbortController().signal })

test('changes are worked out together, days and members that they touch once, and then noted', async () => {
  const warehouse = memoryWarehouse({ orders_touched: [{ day: '2024-01-10', lead: 'friend' }, { day: '2024-01-11', lead: 'friend' }], referrals_touched: [{ record: 'r', friend: 'friend' }] })
  await createFiguresStage(warehouse.options)(batch([change(1), change(2), change(3, { keys: ['order-1'] })]))
  expect(warehouse.names()).toEqual(['orders_moved', 'orders_touched', 'order_days', 'referrals_touched', 'referrals'])
  expect(Object.fromEntries(warehouse.asked)).toMatchObject({
    orders_touched: { business: 'acme', records: ['order-1', 'order-2'] }, order_days: { days: ['2024-01-11', '2024-01-10'] }, referrals_touched: { leads: ['friend'], records: [] }, referrals: { records: ['r'] }
  })
  expect(warehouse.noted).toEqual(['1', '2', '3'])
})

test('nothing is noted where something could not be worked out: the batch comes again', async () => {
  const warehouse = memoryWarehouse({ orders_touched: [{ day: '2024-01-10', lead: '' }] }, (name) => name === 'order_days')
  await expect(createFiguresStage(warehouse.options)(batch([change(1)]))).rejects.toThrow('order_days failed')
  expect(warehouse.noted).toEqual([])
})

test('businesses are worked out one by one', async () => {
  const warehouse = memoryWarehouse({ orders_touched: [{ day: '2024-01-10', lead: '' }] })
  await createFiguresStage(warehouse.options)(batch([change(1), change(2, { business: 'other' })]))
  expect(warehouse.asked.filter(([name]) => name === 'order_days').map(([, { business }]) => business)).toEqual(['acme', 'other'])
})

test('it rests after its work, before the batch is acknowledged', async () => {
  const warehouse = memoryWarehouse()
  const rests: number[] = []
  await createFiguresStage({ ...warehouse.options, rest: async (tookMs) => { rests.push(tookMs) } })(batch([change(1)]))
  expect(rests).toHaveLength(1)
  expect(warehouse.noted).toEqual(['1'])
})

test('records that are to be stepped over are not read', async () => {
  const warehouse = memoryWarehouse()
  const skip = parseRecordPositions('changes:0:0')
  if (skip === undefined) throw new Error('expected positions')
  const garbage = batch([change(1), change(2)])
  await createFiguresStage({ ...warehouse.options, skip })({ ...garbage, records: garbage.records.map((record) => record.offset === 0 ? { ...record, value: Buffer.from('garbage') } : record) })
  expect(warehouse.noted).toEqual(['2'])
})
