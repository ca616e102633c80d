import { Alert, Button, FileButton, Group, List, Paper, Select, Stack, Text, Title } from "@mantine/core";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useWork } from "../../api/work";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Problem } from "../../parts/Problem";
import { whole } from "../../words/figures";
import { counted } from "../../words/sureness";
import { ACCEPT, dropped, sizeWords, sorted } from "./choosing";
import { type Report, type Sent, pathOf, sendFiles } from "./queries";
import { Told } from "./Told";
import { tookWords, total } from "./words";

const SHOWN = 6;
const MOST = 1000;

/** Exports go in: chosen, looked through first, and then imported. */
export function Upload() {
  const [files, setFiles] = useState<File[]>([]);
  const [others, setOthers] = useState<string[]>([]);
  const [platform, setPlatform] = useState<Sent["platform"]>(null);
  const [over, setOver] = useState(false);
  const tried = useWork<Sent, Report>(sendFiles);
  const imported = useWork<Sent, Report>(sendFiles);
  const choose = (chosen: File[]) => {
    const found = sorted(chosen);
    setFiles(found.exports);
    setOthers(found.others);
    tried.forget();
    imported.forget();
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void dropped(event.dataTransfer).then(choose);
  };
  const busy = tried.busy || imported.busy;
  const nothing = tried.result !== undefined && tried.result.added === 0;
  return (
    <Paper
      withBorder
      p="md"
      radius="md"
      component="section"
      aria-labelledby="upload"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      style={over ? { borderColor: "var(--mantine-primary-color-filled)", borderStyle: "dashed" } : undefined}
    >
      <Stack gap="sm">
        <Title order={2} size="h4" id="upload">
          Upload exports
        </Title>
        <Text c="dimmed">
          Exports of Google Ads, Meta Ads or a CRM as JSON, also gzipped, several at once, as a folder or as a zip. Drop them here or choose them. They are looked through first;
          sending the same again adds nothing.
        </Text>
        <Group>
          <FileButton accept={ACCEPT} multiple onChange={choose}>
            {(props) => (
              <Button variant={files.length ? "default" : "filled"} leftSection={<Icon name="file" size={16} />} disabled={busy} {...props}>
                Choose files
              </Button>
            )}
          </FileButton>
          <FolderButton choose={choose} disabled={busy} />
        </Group>
        {others.length > 0 && (
          <Text size="sm">
            Left out, as {others.length === 1 ? "it is no export" : "they are no exports"} that can be read: {others.slice(0, SHOWN).join(", ")}
            {others.length > SHOWN ? ` and ${others.length - SHOWN} more` : ""}. Exports end in .json or .jsonl; spreadsheets and CSV reports cannot be read.
          </Text>
        )}
        {files.length > MOST && <Text size="sm">At most {whole(MOST)} files go at once. Pack the folder as a zip, and send that.</Text>}
        {files.length > 0 && files.length <= MOST && (
          <>
            <Chosen files={files} />
            <Select
              label="Whose exports are they?"
              description="Folders and contents usually show it."
              data={[
                { value: "", label: "See from the files" },
                { value: "google_ads", label: "Google Ads" },
                { value: "meta_ads", label: "Meta Ads" },
                { value: "crm", label: "CRM" },
              ]}
              value={platform ?? ""}
              onChange={(value) => setPlatform((value || null) as Sent["platform"])}
              allowDeselect={false}
              maw={320}
            />
            {!imported.done && (
              <Group>
                <Button variant={tried.done ? "default" : "filled"} loading={tried.busy} disabled={busy} onClick={() => tried.begin({ files, platform, dryRun: true })}>
                  {tried.done ? "Look through again" : "Look through first"}
                </Button>
                {tried.done && !nothing && (
                  <Button loading={imported.busy} disabled={busy} onClick={() => imported.begin({ files, platform, dryRun: false })}>
                    Import
                  </Button>
                )}
              </Group>
            )}
          </>
        )}
        <Problem error={imported.error ?? tried.error} />
        {tried.sending || imported.sending ? <Text role="status">Sending {sizeWords(files.reduce((sum, one) => sum + one.size, 0))}…</Text> : null}
        {tried.job && !imported.job && <JobCard job={tried.job} doing="Looking through the files; nothing is kept yet" />}
        {imported.job && <JobCard job={imported.job} doing="Importing" />}
        {tried.result && !imported.done && <Told report={tried.result} />}
        {imported.result && <Done report={imported.result} />}
      </Stack>
    </Paper>
  );
}

/** A whole folder; browsers have no such choice of their own in FileButton. */
function FolderButton({ choose, disabled }: { choose: (files: File[]) => void; disabled: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.setAttribute("webkitdirectory", ""), []);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="A folder of exports"
        onChange={(event) => {
          choose([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <Button variant="default" disabled={disabled} onClick={() => input.current?.click()}>
        Choose a folder
      </Button>
    </>
  );
}

function Chosen({ files }: { files: File[] }) {
  const size = sizeWords(files.reduce((sum, one) => sum + one.size, 0));
  return (
    <div>
      <Text fw={600}>
        {counted(files.length, "file")}, {size}
      </Text>
      <List size="sm">
        {files.slice(0, SHOWN).map((file) => (
          <List.Item key={pathOf(file)} style={{ overflowWrap: "anywhere" }}>
            {pathOf(file)}
          </List.Item>
        ))}
      </List>
      {files.length > SHOWN && (
        <Text size="sm" c="dimmed">
          and {files.length - SHOWN} more
        </Text>
      )}
    </div>
  );
}

function Done({ report }: { report: Report }) {
  const unusable = total(report.quarantine);
  return (
    <Alert color="teal" variant="light" icon={<Icon name="check" />} title="Imported" role="status">
      <Text size="sm">
        {tookWords(report)}. {unusable > 0 && `${counted(unusable, "row")} could not be used. `}
        <Link to={`/data/imports/${report.import_id}`}>Look at the import</Link>, or <Link to="/compose">compose a plan</Link>.
      </Text>
    </Alert>
  );
}
