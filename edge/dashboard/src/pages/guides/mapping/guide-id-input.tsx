import { Autocomplete, type AutocompleteProps, Text } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { choicesOf } from "./guide-choices.ts"
import { guideChannelsQuery } from "./mapping-queries.ts"

const pauseMs = 300

/** A guide's channel id: typed, or chosen of those that the guides have, which are asked for once it has the focus. */
export function GuideIdInput({ value = "", onFocus, ...props }: Omit<AutocompleteProps, "data">) {
  const [isInUse, setIsInUse] = useState(false)
  const [search] = useDebouncedValue(value.trim(), pauseMs)
  const { data } = useQuery({ ...guideChannelsQuery(search), enabled: isInUse })
  const choices = data === undefined ? [] : choicesOf(data)
  return (
    <Autocomplete
      {...props}
      value={value}
      onFocus={(event) => {
        setIsInUse(true)
        onFocus?.(event)
      }}
      data={choices.map(({ id }) => id)}
      // What is there was found by the server, by names too.
      filter={({ options }) => options}
      renderOption={({ option }) => {
        const words = choices.find(({ id }) => id === option.value)?.words ?? ""
        return (
          <div>
            <Text size="sm">{option.value}</Text>
            {words !== "" && <Text size="xs">{words}</Text>}
          </div>
        )
      }}
    />
  )
}
