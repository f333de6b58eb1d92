import { type KeyboardEvent, type RefObject, useCallback, useState, type WheelEvent } from "react"

/** Pixels: so near to its end a list counts as being there. */
const atEndPixels = 4
const upwards: readonly string[] = ["ArrowUp", "PageUp", "Home"]

interface Follow {
  isFollowing: boolean
  setFollowing: (isFollowing: boolean) => void
  /** For the scrolling element. */
  listeners: {
    onWheel: (event: WheelEvent) => void
    onTouchMove: () => void
    onKeyDown: (event: KeyboardEvent) => void
    onPointerDown: (event: { target: EventTarget }) => void
    onScroll: () => void
  }
}

/**
 * Whether a list stays at its end. Who scrolls up leaves it, who scrolls to the end is back. Only what a person does
 * counts: lines that are dropped or measured move the list as well.
 */
export function useFollow(scroller: RefObject<HTMLElement | null>): Follow {
  const [isFollowing, setFollowing] = useState(true)
  const leave = useCallback(() => {
    const list = scroller.current
    if (list !== null && list.scrollHeight > list.clientHeight) setFollowing(false)
  }, [scroller])
  return {
    isFollowing,
    setFollowing,
    listeners: {
      onWheel: ({ deltaY }) => {
        if (deltaY < 0) leave()
      },
      onTouchMove: leave,
      onKeyDown: ({ key }) => {
        if (upwards.includes(key)) leave()
      },
      // The bar at the side belongs to the element itself.
      onPointerDown: ({ target }) => {
        if (target === scroller.current) leave()
      },
      onScroll: () => {
        const list = scroller.current
        if (list !== null && list.scrollHeight - list.scrollTop - list.clientHeight < atEndPixels)
          setFollowing(true)
      },
    },
  }
}
