const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** As Nector writes times for people: June 2nd 2023, 6:40:33 am (UTC). */
export function formatTime (instant: number): string {
  const date = new Date(instant)
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = date.getUTCHours()
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hours < 12 ? 'am' : 'pm'}`
  return `${months[date.getUTCMonth()] ?? ''} ${ordinal(date.getUTCDate())} ${date.getUTCFullYear()}, ${time}`
}

export function isoTime (instant: number): string {
  return new Date(instant).toISOString()
}

function ordinal (value: number): string {
  const suffix = value >= 11 && value <= 13 ? 'th' : ['th', 'st', 'nd', 'rd'][value % 10] ?? 'th'
  return `${value}${suffix}`
}
