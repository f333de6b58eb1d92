import {
  Alert,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  type MantineColorsTuple,
  Modal,
} from "@mantine/core"

// Ten shades of one hue; the seventh has 4.5:1 and more on white, the fifth on the dark background.
const stream: MantineColorsTuple = [
  "#e3fafc",
  "#c5f0f6",
  "#99e4ee",
  "#66d3e3",
  "#3bc0d4",
  "#22a5bb",
  "#15869b",
  "#0b7285",
  "#095c6b",
  "#064550",
]

export const theme = createTheme({
  colors: { stream },
  primaryColor: "stream",
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // Titles of a colour have less than 4.5:1 on its tint.
    Alert: Alert.extend({ styles: { title: { color: "var(--mantine-color-text)" } } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
  },
})

/** Mantine's own greys and reds have 3.3:1; WCAG 1.4.3 wants 4.5:1 for text. */
export const readableColours: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "var(--mantine-color-gray-7)",
    "--mantine-color-placeholder": "var(--mantine-color-gray-7)",
    "--mantine-color-error": "var(--mantine-color-red-9)",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-1)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
  },
})
