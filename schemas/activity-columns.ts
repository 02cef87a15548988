import { required, text } from './define/field.ts'

/** What the activity and its items have in common. */
export const activityColumns = {
  panel: required('keyword', 'Panel of the batch'),
  activity_id: required('keyword', 'Netcore\'s number of the kind of activity; empty where absent'),
  ts: required('long', 'Netcore\'s own time as sent, yyMMddHHmmss in the time zone of the source; 0 where absent')
}

export const activityPerson = {
  identity: text('The panel\'s key of the user: e-mail, mobile number or customer id, by configuration', { path: 'event_params.identity', personal: true }),
  guid: text('Anonymous id of the device', { path: 'event_params.guid' })
}

/** Activities grow without end: partitioned by year of the vendor's own time, which no repetition changes. */
export const activityPartition = 'intDiv(ts, 10000000000)'
