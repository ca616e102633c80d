import { ProblemError, type Schemas, taken } from "../../api/client";

/** Fetches a file by the link and has the browser save it under the name that the server gives it. */
export async function saveFile(path: string, body: object): Promise<void> {
  const asked = fetch(`/v1/shared/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const file = await taken(asked.then(read));
  const address = URL.createObjectURL(file.bytes);
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = file.name;
  anchor.click();
  URL.revokeObjectURL(address);
}

async function read(response: Response) {
  if (!response.ok) {
    const told = (await response.json().catch(() => ({}))) as Partial<Schemas["Problem"]>;
    throw new ProblemError(told, response.status);
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "plan";
  return { data: { bytes: await response.blob(), name }, response };
}
