import { Divider } from "@mantine/core"
import { PageHead } from "../../app/page-head.tsx"
import { GuideSection } from "./list/guide-section.tsx"
import { MappingSection } from "./mapping/mapping-section.tsx"

/** Where programmes are from, and which channel has which. */
export function Component() {
  return (
    <>
      <PageHead
        title="Guide sources"
        lead="Where the programmes are from that players show, and which channel of a guide belongs to which of yours."
      />
      <GuideSection />
      <Divider my="xl" />
      <MappingSection />
    </>
  )
}
