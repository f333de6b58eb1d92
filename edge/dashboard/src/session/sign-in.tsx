import { Button, Card, Container, Group, PasswordInput, Stack, Text, Title } from "@mantine/core"
import { useState } from "react"
import { Mark } from "../app/mark.tsx"
import { useSignIn } from "./session.ts"

/** In place of everything else, for who is not signed in. */
export function SignIn() {
  return (
    <Container size="xs" pt="12vh" component="main">
      <Card withBorder padding="xl">
        <Stack>
          <Group gap="sm">
            <Mark />
            <Title order={1} size="h2">
              Tributary
            </Title>
          </Group>
          <Text size="sm" c="dimmed">
            Many IPTV providers flow in; one playlist and one well-behaved stream flow out.
          </Text>
          <SignInForm />
        </Stack>
      </Card>
    </Container>
  )
}

/** Asks for the admin token. */
export function SignInForm() {
  const [token, setToken] = useState("")
  const signIn = useSignIn()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        signIn.mutate(token.trim())
      }}
    >
      <Stack>
        <PasswordInput
          label="Admin token"
          description={
            <>
              <code>npm start</code> prints it; on a server it is the secret <code>ADMIN_TOKEN</code>.
            </>
          }
          name="token"
          autoComplete="current-password"
          data-autofocus
          autoFocus
          required
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={signIn.error?.message}
        />
        <Button type="submit" loading={signIn.isPending} disabled={token.trim() === ""}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
