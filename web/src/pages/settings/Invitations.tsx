import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { Problem } from "../../parts/Problem";
import { moment } from "../../words/figures";
import { Confirm, Item, Items, Mark, Once, Part, Small } from "./pieces";
import { type Invitation, useInvitations, useInvite, useWithdraw } from "./queries";

/** Who was invited and did not come yet. */
export function Invitations({ may }: { may: boolean }) {
  const invitations = useInvitations();
  const open = invitations.data?.items ?? [];
  if (open.length === 0 && !invitations.error) return null;
  return (
    <Part title="Open invitations">
      <Problem error={invitations.error} retry={() => void invitations.refetch()} />
      <Items label="Open invitations">
        {open.map((one) => (
          <One key={one.id} invitation={one} may={may} />
        ))}
      </Items>
    </Part>
  );
}

function One({ invitation, may }: { invitation: Invitation; may: boolean }) {
  const again = useInvite();
  const withdraw = useWithdraw();
  const [asks, setAsks] = useState(false);
  const [shown, setShown] = useState("");
  const renew = () => again.mutate({ email: invitation.email, role: invitation.role }, { onSuccess: (made) => setShown(made.link) });
  return (
    <Item
      title={invitation.email}
      badges={<Mark>{invitation.role}</Mark>}
      actions={
        may && (
          <>
            <Button size="xs" variant="default" loading={again.isPending} onClick={renew} aria-label={`New link for ${invitation.email}`}>
              New link
            </Button>
            <Button size="xs" variant="default" onClick={() => setAsks(true)} aria-label={`Withdraw the invitation of ${invitation.email}`}>
              Withdraw
            </Button>
          </>
        )
      }
    >
      <Small>
        Invited by {invitation.made_by}; the link works until {moment(invitation.expires_at)}
      </Small>
      <Problem error={again.error} />
      <Confirm
        title={`Withdraw the invitation of ${invitation.email}?`}
        opened={asks}
        close={() => setAsks(false)}
        yes="Withdraw"
        act={() => withdraw.mutate(invitation.id, { onSuccess: () => setAsks(false) })}
        busy={withdraw.isPending}
        error={withdraw.error}
      >
        Its link opens nothing any more. You can invite them again.
      </Confirm>
      <Modal opened={shown !== ""} onClose={() => setShown("")} title="A new link" closeButtonProps={{ "aria-label": "Close" }}>
        <Once label="One-time link" text={shown}>
          Hand it to {invitation.email}. It works once, for seven days; the former link holds no more.
        </Once>
      </Modal>
    </Item>
  );
}
