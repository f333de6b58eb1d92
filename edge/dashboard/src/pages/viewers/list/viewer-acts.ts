/** What can be done with one viewer of the list. */
export interface ViewerActs {
  onOpen: (username: string) => void
  onChange: (username: string) => void
  onDelete: (username: string) => void
}
