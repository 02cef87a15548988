import { keyword, optional, required, text } from './define/field.ts'
import { defineRecord } from './define/record.ts'
import { activityColumns, activityPartition, activityPerson } from './activity-columns.ts'
import { eventColumns, extraColumn, precedence } from './event-columns.ts'

export const activities = defineRecord({
  name: 'activities',
  meaning: 'Netcore activities',
  table: { orderBy: ['business', 'activity_id', 'ts', 'action_id', 'event_id'], partitionBy: activityPartition, version: 'precedence', materialized: precedence },
  fields: {
    ...eventColumns,
    ...activityColumns,
    ...activityPerson,
    action_id: required('uuid', 'Deterministic id of what the customer did: the same whichever journeys sent it'),
    identity_email_hash: optional('text', 'The identity read as an e-mail: SHA-256 of it, trimmed and in lower case, as hex'),
    identity_mobile_hash: optional('text', 'The identity read as a mobile number: SHA-256 of its digits with the country code, as hex; null where it can be none'),
    identity_customer_id: optional('text', 'The identity read as the shop\'s id of the customer, without the prefix of its platform; null where it is an e-mail'),
    channel: keyword('Channel, such as custom_activity'),
    msgid: text('Netcore\'s message id, not unique'),
    webhook_name: keyword('Webhook step that sent it'),
    journey_name: keyword('Journey that sent it'),
    activity_source: keyword('Where the activity came from, such as web or app', { path: 'event_params.activity_source' }),
    foreignkey: text('Key of another system, as sent', { path: 'event_params.foreignkey' }),
    asset_name: keyword('Site or app', { path: 'event_params.asset_name' }),
    asset_id: keyword('Id of the site or app', { path: 'event_params.asset_id' }),
    att_params: required('map', 'Attributes of the customer', { personal: true }),
    custom_params: required('map', 'Parameters chosen in the journey', { personal: true }),
    payload_params: required('map', 'Parameters of the activity other than its items', { personal: true }),
    ...extraColumn
  }
})
