import { AppShell, Burger, Group, NavLink, ScrollArea, Text } from "@mantine/core"
import { useDisclosure } from "@mantine/hooks"
import { useEffect, useRef } from "react"
import { Link, Outlet, useLocation, useNavigation } from "react-router"
import { AccountMenu } from "../session/account-menu.tsx"
import { Mark } from "./mark.tsx"
import { pages } from "./pages.ts"

/** What is around every page: its name and the way to the others. */
export function Frame() {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  const isLoading = useNavigation().state === "loading"
  const main = useRef<HTMLElement>(null)
  const page = pages.find(({ path }) => path === pathname)
  const title = page?.title ?? "Tributary"

  // A screen reader hears of the new page, and the keyboard goes on there.
  const isFirst = useRef(true)
  useEffect(() => {
    document.title = title === "Tributary" ? title : `${title} · Tributary`
    if (isFirst.current) isFirst.current = false
    else main.current?.focus()
    close()
  }, [title, close])

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <AppShell.Header>
        <a className="skip-link" href="#main">
          To the content
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label="Navigation"
              aria-expanded={isOpen}
            />
            <Mark />
            <Text fw={700} size="lg">
              Tributary
            </Text>
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <ScrollArea type="auto">
          {pages.map(({ path, title: name, Icon }) => (
            <NavLink
              key={path}
              component={Link}
              to={path}
              label={name}
              leftSection={<Icon size={18} aria-hidden />}
              active={path === pathname}
              aria-current={path === pathname ? "page" : undefined}
            />
          ))}
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main ref={main} id="main" tabIndex={-1} aria-busy={isLoading}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
