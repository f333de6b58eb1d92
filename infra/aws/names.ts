/** How the parts of an environment are called; the edge and operators know them by these names. */
export interface Names {
  cluster: string
  service: string
  /** Family of the task definition. */
  family: string
  logGroup: string
  repository: string
  /** Of Secrets Manager. */
  secret(part: string): string
  stack(part: string): string
}

/** Port of a streamer, and of the world's way to it. */
export const streamerPort = 8090

export function namesOf(environment: { name: string }): Names {
  const { name } = environment
  return {
    cluster: name,
    service: "streamer",
    family: `${name}-streamer`,
    logGroup: `/${name}/streamer`,
    repository: `${name}/streamer`,
    secret: (part) => `${name}/${part}`,
    stack: (part) => `${name}-${part}`,
  }
}
