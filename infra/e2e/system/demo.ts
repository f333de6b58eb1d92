import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type DemoProvider,
  type DemoProviderOptions,
  startDemoProvider,
} from "../../local/demo-provider/start-demo-provider.ts"

/** A demo provider for a test; its rendered channels are shared by all runs on this machine. */
export function startTestProvider(options: Partial<DemoProviderOptions> = {}): Promise<DemoProvider> {
  return startDemoProvider({ dataDir: join(tmpdir(), "tributary-demo-loops"), ...options })
}
