import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Empty } from "../parts/Empty";
import { Page } from "../parts/Page";

export default function Missing() {
  return (
    <Page title="Nothing is here">
      <Empty icon="search" title="This address leads nowhere" actions={<Button component={Link} to="/">Go home</Button>}>
        Perhaps it was mistyped, or what was here is gone. Press Ctrl K (or ⌘ K) to find a page, a brief or a plan.
      </Empty>
    </Page>
  );
}
