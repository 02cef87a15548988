import { declareErrors } from './errors.ts'

export const runtimeErrors = declareErrors({
  SHUTTING_DOWN: { retryable: true, status: 503, meaning: 'this process ends: send it again' },
  STARTING: { retryable: true, meaning: 'this process is not ready yet' },
  NOT_AUTHENTIC: { retryable: false, status: 401, meaning: 'secret, signature or token is missing or another: compare it with CONFIG_FILE' },
  ROUTE_UNKNOWN: { retryable: false, status: 404, meaning: 'there is no such address' },
  PORT_IN_USE: { retryable: false, meaning: 'another process has the port: stop it, or set another port' },
  INTERNAL: { retryable: true, status: 500, meaning: 'a fault of this program: it stops its partition and is tried again; please report it with its stack' }
})
