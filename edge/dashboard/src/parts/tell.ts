import { notifications } from "@mantine/notifications"

const closeButtonProps = { "aria-label": "Close" }

/** Says in passing that something was done. */
export function tellDone(message: string): void {
  notifications.show({ message, color: "teal", autoClose: 4_000, closeButtonProps })
}

/** Says that something was not done, and why. */
export function tellFailed(title: string, error: Error): void {
  notifications.show({ title, message: error.message, color: "red", autoClose: 10_000, closeButtonProps })
}
