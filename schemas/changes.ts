import { choice, required, type Row } from './define/field.ts'
import { defineRecord } from './define/record.ts'

/**
 * What the keys of a change are. `identifiers`: of people, as in the column of that name; `devices`: guids that were seen with an identity;
 * `coins`, `orders`, `referrals`: keys of records; `activities`: the days of them, as the vendor tells the time.
 */
export const changeKinds = ['identifiers', 'devices', 'coins', 'orders', 'referrals', 'activities'] as const
export type ChangeKind = typeof changeKinds[number]

export const changes = defineRecord({
  name: 'changes',
  meaning: 'What inserts have changed, for the figures that follow from it: waits until a row with state 1 says that it is worked out',
  table: {
    orderBy: ['business', 'kind', 'change_id'],
    version: 'progress',
    materialized: { progress: { type: 'UInt8', expression: 'state', meaning: 'Greatest once it is worked out' } },
    // a row that waits is never removed; one that comes back as its successor went first is worked out once more
    ttl: 'toDateTime(loaded_at) + INTERVAL 2 DAY DELETE WHERE state = 1'
  },
  fields: {
    change_id: required('uuid', 'From the insert that changed it: the same insert again has the same id'),
    business: required('keyword', 'Business of CONFIG_FILE'),
    kind: choice(changeKinds),
    keys: required('texts', 'What has changed, of that kind'),
    arrived_at: required('timestamp', 'When the last webhook of the insert arrived'),
    state: required('int', '0: waits; 1: worked out')
  }
})

/** What one insert has changed of one kind, in one business. */
export type Change = Row<typeof changes.fields>
