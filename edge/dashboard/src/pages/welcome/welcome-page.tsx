import { useQuery } from "@tanstack/react-query"
import { PageHead } from "../../app/page-head.tsx"
import { QueryView } from "../../parts/query-view.tsx"
import { importsQuery } from "../imports/imports-queries.ts"
import { sourcesQuery } from "../sources/sources-queries.ts"
import { SetUp } from "./set-up.tsx"
import { viewersQuery } from "./welcome-queries.ts"

/** The first visit; later, the way to the addresses of another viewer. */
export function Component() {
  const sources = useQuery(sourcesQuery)
  const viewers = useQuery(viewersQuery)
  const imports = useQuery(importsQuery)
  return (
    <>
      <PageHead
        title="Set-up"
        lead="From your provider's login to a picture on the TV. You can come back at any time, for the addresses of another viewer too."
      />
      <QueryView query={sources}>
        {(sourceRows) => (
          <QueryView query={viewers}>
            {(viewerRows) => (
              <QueryView query={imports}>
                {(jobs) => <SetUp sources={sourceRows} viewers={viewerRows} imports={jobs} />}
              </QueryView>
            )}
          </QueryView>
        )}
      </QueryView>
    </>
  )
}
