import { ActionIcon, Group, Input, NativeSelect, Paper, Stack, Text } from "@mantine/core"
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react"
import type { TranscodeProfileRow } from "@tributary/shared/admin-api/transcode-profiles"
import type { ReactNode } from "react"
import { moved, neighbour } from "../../../parts/order/in-order.ts"
import { SortableItem } from "../../../parts/order/sortable-item.tsx"
import { SortableList } from "../../../parts/order/sortable-list.tsx"
import type { ProfileFieldsProps } from "./profile-fields.ts"

interface VariantsFieldProps extends ProfileFieldsProps {
  profiles: readonly TranscodeProfileRow[]
}

/** The profiles that an adaptive one offers to players, in order. */
export function VariantsField({ form, profiles }: VariantsFieldProps) {
  const { id, variants } = form.values
  const setVariants = (ids: string[]) => {
    form.clearFieldError("variants")
    form.setFieldValue("variants", ids)
  }
  const nameOf = (variant: string) => profiles.find((one) => one.id === variant)?.name ?? variant
  const others = profiles.filter(
    (one) => one.variants === undefined && one.id !== id && !variants.includes(one.id),
  )
  return (
    <Input.Wrapper
      label="Variants"
      description="Players change between them as their connection allows; the first is begun with."
      error={form.errors.variants}
      labelElement="div"
      role="group"
      aria-label="Variants"
    >
      <Stack gap="xs" mt="xs">
        <SortableList ids={variants} nameOf={nameOf} onOrder={setVariants}>
          <Stack gap="xs">
            {variants.map((variant) => (
              <SortableItem key={variant} id={variant} name={nameOf(variant)} isMovable={variants.length > 1}>
                {(handle) => (
                  <Variant
                    ids={variants}
                    id={variant}
                    name={nameOf(variant)}
                    handle={handle}
                    onIds={setVariants}
                  />
                )}
              </SortableItem>
            ))}
          </Stack>
        </SortableList>
        {others.length > 0 && (
          <NativeSelect
            label="Add a variant"
            value=""
            data={[
              { value: "", label: "Choose a transcode profile" },
              ...others.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={(event) => setVariants([...variants, event.currentTarget.value])}
          />
        )}
      </Stack>
    </Input.Wrapper>
  )
}

interface VariantProps {
  ids: readonly string[]
  id: string
  name: string
  handle: ReactNode
  onIds: (ids: string[]) => void
}

function Variant({ ids, id, name, handle, onIds }: VariantProps) {
  const move = (by: 1 | -1, label: string, icon: ReactNode) => {
    const to = neighbour(ids, id, by)
    return (
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={label}
        disabled={to === null}
        onClick={() => to !== null && onIds(moved(ids, id, to))}
      >
        {icon}
      </ActionIcon>
    )
  }
  return (
    <Paper withBorder p="xs">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap="xs" wrap="nowrap">
          {handle}
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
        </Group>
        <Group gap={4} wrap="nowrap">
          {move(-1, `Move ${name} up`, <IconArrowUp size={16} aria-hidden />)}
          {move(1, `Move ${name} down`, <IconArrowDown size={16} aria-hidden />)}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Take ${name} out`}
            onClick={() => onIds(ids.filter((one) => one !== id))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  )
}
