import { Button, Text } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { Link } from "react-router"
import { QueryView } from "../../../parts/query-view.tsx"
import { ChannelPlayer } from "../../../player/channel-player.tsx"
import { firstChannelQuery } from "../welcome-queries.ts"
import { StepFrame } from "./step-frame.tsx"

/** The first channel, in the page. */
export function PictureStep({ onAnother }: { onAnother: () => void }) {
  const first = useQuery(firstChannelQuery)
  return (
    <StepFrame
      title="A picture"
      lead="The first channel of the playlist, as a viewer gets it. It takes one of the provider's connections while it plays."
      ways={
        <>
          <Button component={Link} to="/">
            To the overview
          </Button>
          <Button component={Link} to="/channels" variant="default">
            To the channels
          </Button>
          <Button variant="subtle" onClick={onAnother}>
            Addresses for another viewer
          </Button>
        </>
      }
    >
      <QueryView query={first}>
        {({ channels: [channel] }) =>
          channel === undefined ? (
            <Text role="status">
              No channel is published yet; it is shown here as soon as one is. How far the import is stands at{" "}
              <Link to="/imports">Imports</Link>.
            </Text>
          ) : (
            <>
              <Text fw={600}>{channel.name}</Text>
              <ChannelPlayer channel={channel.id} name={channel.name} />
            </>
          )
        }
      </QueryView>
    </StepFrame>
  )
}
