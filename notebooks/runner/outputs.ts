/** Collects what a kernel publishes into outputs as a notebook stores them. */

import type { Message } from "./message.ts";

/** Data by MIME type. */
export type MimeBundle = Record<string, unknown>;

/** A cell's outputs, as nbformat 4.5 has them. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: MimeBundle }
  | {
    output_type: "execute_result";
    execution_count: number;
    data: MimeBundle;
    metadata: MimeBundle;
  }
  | ErrorOutput;

/** What a cell that threw leaves. */
export interface ErrorOutput {
  output_type: "error";
  ename: string;
  evalue: string;
  traceback: string[];
}

/** Gathers the outputs of one cell after another. */
export interface Collector {
  /** Outputs from here on belong to a new cell, whose list is returned. */
  begin(): Output[];
  take(message: Message): void;
}

/** The contents of the messages that become outputs. */
interface Contents {
  stream: { name: "stdout" | "stderr"; text: string };
  display_data: Display;
  update_display_data: Display;
  execute_result: Display & { execution_count: number };
  error: { ename: string; evalue: string; traceback: string[] };
  clear_output: { wait?: boolean };
}

interface Display {
  data: MimeBundle;
  metadata?: MimeBundle;
  transient?: { display_id?: string };
}

/** A collector for one kernel's life; display ids outlive their cell. */
export function createCollector(): Collector {
  const shown = new Map<string, { data: MimeBundle; metadata: MimeBundle }[]>();
  let outputs: Output[] = [];
  let clearNext = false;

  function add(output: Output): void {
    if (clearNext) outputs.length = 0;
    clearNext = false;
    append(outputs, output);
  }

  function show<T extends { data: MimeBundle; metadata: MimeBundle }>(
    output: T & Output,
    { transient }: Display,
  ): void {
    add(output);
    const id = transient?.display_id;
    if (id) shown.set(id, [...(shown.get(id) ?? []), output]);
  }

  const take: { [K in keyof Contents]: (content: Contents[K]) => void } = {
    stream: ({ name, text }) => add({ output_type: "stream", name, text }),
    display_data(content) {
      const { data, metadata = {} } = content;
      show({ output_type: "display_data", data, metadata }, content);
    },
    execute_result(content) {
      const { execution_count, data, metadata = {} } = content;
      show(
        { output_type: "execute_result", execution_count, data, metadata },
        content,
      );
    },
    update_display_data({ data, metadata = {}, transient }) {
      for (const output of shown.get(transient?.display_id ?? "") ?? []) {
        Object.assign(output, { data, metadata });
      }
    },
    error: ({ ename, evalue, traceback }) =>
      add({ output_type: "error", ename, evalue, traceback }),
    clear_output({ wait }) {
      if (wait) clearNext = true;
      else outputs.length = 0;
    },
  };

  return {
    begin() {
      clearNext = false;
      return outputs = [];
    },
    take({ type, content }) {
      if (!Object.hasOwn(take, type)) return; // status, execute_input, ...
      (take[type as keyof Contents] as (content: unknown) => void)(content);
    },
  };
}

/** Adds an output of a cell; what is printed in a row is one output. */
function append(outputs: Output[], output: Output): void {
  // The kernel can publish an error before what the cell printed.
  const failed = outputs.at(-1)?.output_type === "error";
  const at = failed ? outputs.length - 1 : outputs.length;
  const last = outputs[at - 1];
  if (
    output.output_type === "stream" && last?.output_type === "stream" &&
    last.name === output.name
  ) last.text += output.text;
  else outputs.splice(at, 0, output);
}
