import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { JavaKafka } from './kafka-source.ts'

const run = promisify(execFile)

/** Known to PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
export const user = { username: 'loyalty', password: 'password-of-the-test' } as const
const keystorePassword = 'keystore-of-the-test'

/** What a node needs for its SECURED listener (test/kafka/server-properties.ts), and its clients to trust it. */
export interface SecuredListener {
  readonly properties: Readonly<Record<string, string>>
  /** More arguments of Kafka's storage tool: the users of SCRAM are kept in the metadata. */
  readonly format: readonly string[]
  /** The certificate that signed that of the node, in PEM. */
  readonly ca: string
}

/** Makes a certificate for 127.0.0.1 that signs itself, in the folder of the node. */
export async function secureListener (kafka: JavaKafka, folder: string): Promise<SecuredListener> {
  const keystore = join(folder, 'broker.p12')
  const keytool = dirname(kafka.java) === '.' ? 'keytool' : join(dirname(kafka.java), 'keytool')
  const store = ['-alias', 'broker', '-keystore', keystore, '-storetype', 'PKCS12', '-storepass', keystorePassword]
  await mkdir(folder, { recursive: true })
  await run(keytool, ['-genkeypair', ...store, '-keyalg', 'RSA', '-keysize', '2048', '-validity', '2', '-dname', 'CN=127.0.0.1', '-ext', 'san=ip:127.0.0.1', '-ext', 'bc:c'])
  const { stdout: ca } = await run(keytool, ['-exportcert', '-rfc', ...store])
  const login = (module: string, more = ''): string => `org.apache.kafka.common.security.${module} required${more};`
  const options = {
    'ssl.keystore.location': keystore,
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.password': keystorePassword,
    'ssl.key.password': keystorePassword,
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    'plain.sasl.jaas.config': login('plain.PlainLoginModule', ` user_${user.username}="${user.password}"`),
    'scram-sha-256.sasl.jaas.config': login('scram.ScramLoginModule'),
    'scram-sha-512.sasl.jaas.config': login('scram.ScramLoginModule')
  }
  return {
    properties: Object.fromEntries(Object.entries(options).map(([name, value]) => [`listener.name.secured.${name}`, value])),
    format: [256, 512].flatMap((bits) => ['--add-scram', `SCRAM-SHA-${bits}=[name=${user.username},password=${user.password}]`]),
    ca
  }
}
