import { creditCoins } from './coins.ts'
import { second } from '../durations.ts'
import { isoTime } from './formatted-time.ts'
import type { Person, Tier } from './person.ts'
import type { World } from './world.ts'

/** A person joins the programme; most are welcomed with coins. */
export function join (world: World, person: Person): void {
  if (person.joinedAt !== undefined) return
  person.joinedAt = world.now()
  sendLead(world, 'lead_create', person)
  if (world.random.chance(0.7)) {
    world.later(world.random.between(second, 20 * second), () => { creditCoins(world, person, { type: 'reward', amount: 50, title: 'Welcome bonus' }) })
  }
}

/** Tells of a new tier, once the spending of a member has earned one. */
export function updateTier (world: World, person: Person): void {
  const tier: Tier = person.spent >= 1_000_000 ? 'gold' : person.spent >= 300_000 ? 'silver' : ''
  if (tier === person.tier) return
  person.tier = tier
  sendLead(world, 'lead_update', person)
  // A topic that is in no list of the vendor's, and free in form.
  if (tier !== '') world.nector('viptier_create', person, { entity_id: world.entityId, lead_id: person.leadId, viptier_name: tier, created_at: isoTime(world.now()) })
}

function sendLead (world: World, topic: 'lead_create' | 'lead_update', person: Person): void {
  world.nector(topic, person, {
    entity_id: world.entityId,
    referral_code: person.referralCode,
    customer_id: `shopify-${person.shopId}`,
    referred_by_referral_code: person.referredByCode,
    name: person.name,
    available: person.wallet.balance,
    tier: person.tier,
    type: 'member',
    classification: '',
    transaction_amount: person.spent === 0 ? '' : person.spent / 100,
    last_transaction: '',
    accept_email: true,
    accept_mobile: person.device === 'app' ? true : '',
    accept_smartdiscountapply: '',
    dob: '',
    full_dob: '',
    mid: person.mid,
    mobile: person.mobile,
    country: 'India',
    eid: person.eid,
    email: person.email,
    email_status: topic === 'lead_create' ? 'pending' : 'verified',
    is_freezed: '',
    created_at: isoTime(person.joinedAt ?? world.now()),
    updated_at: isoTime(world.now())
  })
}
