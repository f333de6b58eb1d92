import { CloseButton, Loader, TextInput } from "@mantine/core"
import { useDebouncedCallback } from "@mantine/hooks"
import { IconSearch } from "@tabler/icons-react"
import { useEffect, useRef, useState } from "react"

interface SearchFieldProps {
  /** What is searched for now. */
  search: string
  isSearching: boolean
  onSearch: (search: string) => void
}

// A search looks at all rows, so it begins when typing pauses.
const pauseMs = 300

export function SearchField({ search, isSearching, onSearch }: SearchFieldProps) {
  const [typed, setTyped] = useState(search)
  const told = useRef(search)
  const tell = useDebouncedCallback((value: string) => {
    told.current = value
    onSearch(value)
  }, pauseMs)
  // The address changed by itself: a link, or all filters were taken away.
  useEffect(() => {
    if (search === told.current) return
    told.current = search
    setTyped(search)
  }, [search])
  const type = (value: string) => {
    setTyped(value)
    tell(value)
  }
  return (
    <TextInput
      type="search"
      label="Search"
      placeholder="Name or channel id"
      maxLength={500}
      leftSection={
        isSearching ? (
          <Loader role="status" size={16} aria-label="Searching" />
        ) : (
          <IconSearch size={16} aria-hidden />
        )
      }
      rightSection={
        typed === "" ? null : <CloseButton aria-label="Empty the search" onClick={() => type("")} />
      }
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      w={{ base: "100%", sm: 220 }}
    />
  )
}
