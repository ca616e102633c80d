import { Alert, Button, Checkbox, CopyButton, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Schemas } from "../../api/client";
import type { Plan } from "../../api/queries";
import { useMay } from "../../api/session";
import { Problem } from "../../parts/Problem";
import { day } from "../../words/figures";
import { useShare } from "./sharingQueries";

type Allowed = Schemas["ShareView"]["allows"][number];

const LASTS = [
  { value: "", label: "30 days, or until the survey is over" },
  { value: "7", label: "A week" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
];

/** Makes a link for a client, and tells it once. */
export function NewLink({ plan, opened, onClose }: { plan: Plan; opened: boolean; onClose: () => void }) {
  const make = useShare(plan.id);
  const close = () => {
    make.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title="Link for a client" closeButtonProps={{ "aria-label": "Close" }}>
      {make.data ? <Told made={make.data} onClose={close} /> : <Asking make={make} onClose={close} />}
    </Modal>
  );
}

function Asking({ make, onClose }: { make: ReturnType<typeof useShare>; onClose: () => void }) {
  const mayApprove = useMay("plans:approve");
  const [name, setName] = useState("");
  const [allows, setAllows] = useState<Allowed[]>(["comment", "approve", "survey"]);
  const [approves, setApproves] = useState(false);
  const [days, setDays] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const yes = approves && allows.includes("approve") ? ("approves" as const) : ("recorded" as const);
    make.mutate({ name, allows, yes, days: days ? Number(days) : null, sender: "" });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">Whoever has the link reads the memo of this plan, and nothing else of yours. It needs no account.</Text>
        <TextInput
          label="For whom"
          placeholder="The name of the client; they see it"
          required
          maxLength={120}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group label="Beside reading they may" value={allows} onChange={(value) => setAllows(value as Allowed[])}>
          <Stack gap="xs" mt="xs">
            <Checkbox value="comment" label="comment and ask for changes" />
            <Checkbox value="approve" label="say yes to the plan" />
            <Checkbox value="survey" label="say afterwards how content they are" />
          </Stack>
        </Checkbox.Group>
        {mayApprove && allows.includes("approve") && (
          <Checkbox
            label="Their yes approves the plan"
            description="Else it is recorded, and somebody of yours approves. Nothing is published by it either way."
            checked={approves}
            onChange={(event) => setApproves(event.currentTarget.checked)}
          />
        )}
        <Select label="It holds for" data={LASTS} value={days} allowDeselect={false} onChange={(value) => setDays(value ?? "")} />
        <Problem error={make.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make the link
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Told({ made, onClose }: { made: Schemas["ShareMade"]; onClose: () => void }) {
  const link = reachable(made.link);
  return (
    <Stack>
      <Alert color="teal" title="The link is ready">
        Copy it now: it is shown this once. It holds until {day(made.expires_at, "long")}, and you can withdraw it at any time.
      </Alert>
      <TextInput label={`For ${made.name}`} readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
      <Group justify="flex-end">
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button onClick={copy} color={copied ? "teal" : undefined}>
              {copied ? "Copied" : "Copy the link"}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}

/** Where nobody told the server its own address, this page's is the one that works. */
export function reachable(link: string): string {
  const at = new URL(link);
  return at.hostname === "127.0.0.1" ? window.location.origin + at.pathname + at.search + at.hash : link;
}
