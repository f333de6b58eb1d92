export interface IcecastSettings {
  port: number
  /** Where it may write its logs. */
  folder: string
  password: string
  listeners: number
  /** It refuses to be root: who it becomes, when it is started as such. */
  becomes: { user: string; group: string } | null
}

// Debian's own 512 KiB are half a second of 8 Mbit/s: whoever is behind that far is dropped.
const queueBytes = 8 * 1024 * 1024

/** A configuration for loopback alone: one source, many listeners, everything else as Debian has it. */
export function icecastConfig({ port, folder, password, listeners, becomes }: IcecastSettings): string {
  const owner =
    becomes === null
      ? ""
      : `<changeowner><user>${becomes.user}</user><group>${becomes.group}</group></changeowner>`
  return `<icecast>
  <limits>
    <clients>${listeners + 20}</clients>
    <sources>2</sources>
    <queue-size>${queueBytes}</queue-size>
    <burst-size>65535</burst-size>
  </limits>
  <authentication>
    <source-password>${password}</source-password>
    <relay-password>${password}</relay-password>
    <admin-user>admin</admin-user>
    <admin-password>${password}</admin-password>
  </authentication>
  <hostname>localhost</hostname>
  <listen-socket><port>${port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <fileserve>0</fileserve>
  <paths>
    <basedir>${folder}</basedir>
    <logdir>${folder}</logdir>
    <webroot>${folder}</webroot>
    <adminroot>${folder}</adminroot>
  </paths>
  <logging>
    <accesslog>access.log</accesslog>
    <errorlog>error.log</errorlog>
    <loglevel>2</loglevel>
  </logging>
  <security><chroot>0</chroot>${owner}</security>
</icecast>
`
}
