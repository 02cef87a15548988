import { declareErrors } from '../../runtime/errors.ts'

export const dashboardErrors = declareErrors({
  HOST_NOT_ALLOWED: { retryable: false, status: 403, meaning: 'the page is asked under a name that is not this machine\'s, without ADMIN_PASSWORD' },
  QUERY_UNKNOWN: { retryable: false, status: 404, meaning: 'there is no query of that name' },
  QUERY_PARAMETERS_INVALID: { retryable: false, status: 400, meaning: 'a parameter of the query does not fit' }
})
