import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { AppError } from '../runtime/errors.ts'
import { errorReply } from './error-reply.ts'
import { ingestErrors } from './ingest-errors.ts'
import { vendorErrors } from '../vendors/vendor-errors.ts'

/** Answers input that never became a request: malformed HTTP, endless headers, requests that arrive too slowly. */
export function answerClientError (error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (socket.writable) {
    const { status, body } = errorReply(describe(error.code))
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  socket.destroy(error)
}

function describe (code: string | undefined): AppError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new AppError(ingestErrors.REQUEST_TIMEOUT, 'expected the request to arrive in time, got it too slowly')
  if (code === 'HPE_HEADER_OVERFLOW') return new AppError(vendorErrors.BODY_MALFORMED, 'expected headers of at most 16 KiB, got more')
  return new AppError(vendorErrors.BODY_MALFORMED, 'expected an HTTP request, got something else')
}
