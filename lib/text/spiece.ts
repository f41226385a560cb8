/**
 * SentencePiece's own model file, `spiece.model`: fields of its
 * sentencepiece_model.proto, and the `tokenizer.json` that they amount to.
 */

import { PbfReader } from "pbf";
import type { TokenizerConfig } from "./tokenize.ts";
import type { UnigramJson } from "./unigram_tokenizer.ts";

/** Tokens that T5 puts behind the model's own, the last one first. */
const EXTRA_IDS = 100;

/** Values of ModelProto.SentencePiece.Type. */
const PIECE_TYPES = { normal: 1, control: 3, userDefined: 4 };

/** Value of TrainerSpec.ModelType. */
const UNIGRAM = 1;

interface Piece {
  text: string;
  score: number;
  type: number;
}

interface Model {
  readonly pieces: Piece[];
  modelType: number;
  /** Ids, as TrainerSpec sets them where it is silent. */
  unknown: number;
  end: number;
  padding: number;
  charsmap: Uint8Array;
}

/**
 * A T5's model as the two files of a fast tokenizer.
 * @param path the file, for errors
 * @throws if the bytes are no Unigram model
 */
export function readSpiece(
  path: string,
  bytes: Uint8Array,
): { readonly tokenizer: UnigramJson; readonly config: TokenizerConfig } {
  const model = readModel(path, bytes);
  const { pieces, unknown, end, padding } = model;
  const special = [padding, end, unknown].map((id) => pieces[id]?.text);
  if (model.modelType !== UNIGRAM || special.includes(undefined as never)) {
    throw new Error(
      `reading ${path}: found a model of type ${model.modelType} with ` +
        `${pieces.length} pieces, of which ${padding}, ${end} and ${unknown} ` +
        `are to fill up, to end and unknown; wanted a Unigram model (type ` +
        `${UNIGRAM}), as T5's`,
    );
  }
  const extra = Array.from(
    { length: EXTRA_IDS },
    (_, i) => `<extra_id_${EXTRA_IDS - 1 - i}>`,
  );
  const vocab = pieces.map(({ text, score }) => [text, score] as const);
  const { control, userDefined } = PIECE_TYPES;
  const added = pieces.flatMap(({ text, type }, id) =>
    [control, userDefined].includes(type) || special.includes(text)
      ? [{ id, content: text }]
      : []
  );
  return {
    tokenizer: {
      normalizer: model.charsmap.length === 0 ? null : {
        type: "Precompiled",
        precompiled_charsmap: model.charsmap.toBase64(),
      },
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          { type: "WhitespaceSplit" },
          { type: "Metaspace", replacement: "▁", prepend_scheme: "always" },
        ],
      },
      added_tokens: [
        ...added,
        ...extra.map((content, i) => ({ id: pieces.length + i, content })),
      ],
      post_processor: {
        single: [{ Sequence: {} }, { SpecialToken: { id: pieces[end].text } }],
      },
      model: {
        type: "Unigram",
        unk_id: unknown,
        vocab: [...vocab, ...extra.map((piece) => [piece, 0] as const)],
      },
    },
    config: { pad_token: pieces[padding].text },
  };
}

function readModel(path: string, bytes: Uint8Array): Model {
  const model: Model = {
    pieces: [],
    modelType: UNIGRAM,
    unknown: 0,
    end: 2,
    padding: -1,
    charsmap: new Uint8Array(),
  };
  const reader = new PbfReader(bytes);
  try {
    reader.readFields(readModelField, model);
    if (reader.pos === bytes.length) return model;
  } catch { // the error below names the file
  }
  throw new Error(
    `reading ${path}: its ${bytes.length} bytes are not a SentencePiece ` +
      `model; fetch the file again`,
  );
}

function readModelField(tag: number, model: Model, reader: PbfReader): void {
  if (tag === 1) {
    const piece = { text: "", score: 0, type: PIECE_TYPES.normal };
    model.pieces.push(reader.readMessage(readPieceField, piece));
  } else if (tag === 2) reader.readMessage(readTrainerField, model);
  else if (tag === 3) reader.readMessage(readNormalizerField, model);
}

function readPieceField(tag: number, piece: Piece, reader: PbfReader): void {
  if (tag === 1) piece.text = reader.readString();
  else if (tag === 2) piece.score = reader.readFloat();
  else if (tag === 3) piece.type = reader.readVarint();
}

function readTrainerField(tag: number, model: Model, reader: PbfReader): void {
  if (tag === 3) model.modelType = reader.readVarint();
  else if (tag === 40) model.unknown = reader.readVarint(true);
  else if (tag === 42) model.end = reader.readVarint(true);
  else if (tag === 43) model.padding = reader.readVarint(true);
}

function readNormalizerField(
  tag: number,
  model: Model,
  reader: PbfReader,
): void {
  if (tag === 2) model.charsmap = reader.readBytes();
}
