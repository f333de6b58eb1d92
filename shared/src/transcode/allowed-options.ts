import { filterProblem } from "./allowed-filters.ts"
import { encoderParametersProblem } from "./encoder-parameters.ts"

/** Why a value is not taken, in words that follow the option's name; null when it is. */
type ValueProblem = (value: string) => string | null

const matching =
  (pattern: RegExp, what: string): ValueProblem =>
  (value) =>
    pattern.test(value) ? null : `needs ${what}, not "${value}"`

const word = matching(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "a name or a number")
const number = matching(/^[+-]?\d+(?:\.\d+)?(?:[kKMG]i?[bB]?)?$/, "a number, like 25 or 2500k")
const flags = matching(/^[+-]?\w+(?:[+-]\w+)*$/, "names, like +low_delay")
const ratio = matching(/^\d+(?:\.\d+)?(?:[/:]\d+)?$|^[a-z]+$/, "a number or a fraction, like 30000/1001")
const size = matching(/^\d+x\d+$|^[a-z0-9]+$/, "a size, like 1280x720")
const stream = matching(
  /^-?0(?::(?:[vVasdt]|\d+|#\w+|[pi]:\w+|m:\w+:\w+))*\??$|^\[\w+\]$/,
  "a stream of input 0, like 0:v:0",
)
const times = matching(/^(?:source|expr:[\w.,()+*/<>=! -]+|[\d.,:]+)$/, "times, or expr:gte(t,n_forced*2)")
const pair = matching(/^[\w-]+=[\p{L}\p{N}_ .,()&+'!-]*$/u, "a name and a text, like language=deu")
const psy = matching(/^-?\d+(?:\.\d+)?(?:[:,]-?\d+(?:\.\d+)?)?$/, "numbers, like 1.0:0.15")
const blocks = matching(/^[+-]?\w+(?:[+,-]\w+)*$/, "names, like i4x4+p8x8")
const device = matching(/^\/dev\/dri\/(?:renderD|card)\d{1,3}$/, "a device, like /dev/dri/renderD128")
const hardware = matching(
  /^(?:vaapi|qsv|cuda|vulkan|opencl)(?:=\w+)?(?::(?:\/dev\/dri\/(?:renderD|card)\d{1,3}|hw|\d{1,2}))?(?:,child_device=\/dev\/dri\/renderD\d{1,3})?$|^qsv=\w+@\w+$/,
  "a device, like vaapi=va:/dev/dri/renderD128",
)
const bitstreams = matching(
  /^(?:(?:aac_adtstoasc|dump_extra|extract_extradata|filter_units|h264_metadata|h264_mp4toannexb|hevc_metadata|hevc_mp4toannexb|null|remove_extra|setts)(?:=[\w=:|.-]+)?,?)+$/,
  "bitstream filters, like h264_mp4toannexb",
)

const namesByValue: [ValueProblem, string][] = [
  [
    number,
    `b b:v ab vb bt g bf r:a ac ar q qscale aq crf crf_max qp qmin qmax qdiff qcomp qblur i_qfactor b_qfactor maxrate minrate
     bufsize rc_init_occupancy refs keyint_min sc_threshold me_range subq trellis slices threads filter_threads
     filter_complex_threads max_muxing_queue_size muxing_queue_data_threshold muxdelay muxpreload muxrate
     max_interleave_delta max_delay async rc-lookahead rc_lookahead look_ahead look_ahead_depth async_depth
     global_quality cq compression_level cutoff frame_size dialnorm noise_reduction aq-strength cplxblur
     slice-max-size surfaces gpu delay extra_hw_frames idr_interval b_depth max_frame_size quality
     flush_packets pat_period sdt_period pcr_period pes_payload_size mpegts_service_id mpegts_pmt_start_pid
     mpegts_start_pid mpegts_transport_stream_id mpegts_original_network_id mpegts_copyts max_slice_size`,
  ],
  [
    word,
    `c codec vcodec acodec scodec preset tune profile level pix_fmt sample_fmt channel_layout vsync fps_mode strict tag vtag
     atag coder direct-pred weightp weightb b-pyramid b_strategy aq-mode rc rc_mode tier multipass b_ref_mode
     spatial-aq spatial_aq temporal-aq temporal_aq forced-idr forced_idr zerolatency nonref_p strict_gop
     cbr low_power b_adapt adaptive_i adaptive_b mbbrc extbrc a53cc intra-refresh nal-hrd
     bluray-compat mbtree fast-pskip mixed-refs 8x8dct psy weighted_pred aud udu_sei motion-est
     aac_coder vbr application frame_duration color_range color_primaries color_trc colorspace chroma_sample_location
     field_order disposition mpegts_service_type avoid_negative_ts autorotate cmp subcmp mbd dsur_mode filter_hw_device`,
  ],
  [flags, "flags flags2 mpegts_flags sws_flags fflags thread_type"],
  [blocks, "partitions"],
  [psy, "psy-rd deblock"],
  [ratio, "r fpsmax aspect enc_time_base"],
  [size, "s"],
  [stream, "map"],
  [times, "force_key_frames"],
  [pair, "metadata"],
  [filterProblem, "vf af filter filter_complex lavfi"],
  [encoderParametersProblem, "x264-params x264opts x265-params"],
  [bitstreams, "bsf"],
  [device, "vaapi_device qsv_device"],
  [hardware, "init_hw_device"],
]
const flagsAlone = "an vn sn dn copyts start_at_zero shortest bitexact copyinkf"

const wordsOf = (text: string) => text.split(/\s+/).filter((name) => name !== "")

/**
 * ffmpeg's options that a template may have, each with what is wrong with its value; null: it has none. All of them say
 * how is encoded or put into MPEG-TS; none opens a file or an address or ends the stream.
 */
export const allowedOptions: ReadonlyMap<string, ValueProblem | null> = new Map([
  ...namesByValue.flatMap(([problem, names]) => wordsOf(names).map((name) => [name, problem] as const)),
  ...wordsOf(flagsAlone).map((name) => [name, null] as const),
])

const setByUs = "there is one input and one output, and Tributary places both: leave it out"
const aboutInput = "it is about the input, which Tributary opens: leave it out"
const aboutFfmpeg = "Tributary says how ffmpeg starts and reports: leave it out"
const namesAFile = "files are not allowed"
const ends = "a live stream has no end"

/** Why options that people may expect are not there. */
export const refusedOptions: ReadonlyMap<string, string> = new Map(
  (
    [
      [setByUs, "i"],
      [
        aboutInput,
        `re readrate hwaccel hwaccel_device hwaccel_output_format probesize analyzeduration thread_queue_size itsoffset
         itsscale stream_loop reconnect reconnect_streamed reconnect_at_eof reconnect_delay_max user_agent headers
         rw_timeout timeout protocol_whitelist safe discard err_detect isync seek_timestamp`,
      ],
      [
        aboutFfmpeg,
        "y n nostdin stdin hide_banner v loglevel stats nostats stats_period report progress benchmark debug dump hex",
      ],
      [
        namesAFile,
        `pass passlogfile vstats vstats_file attach dump_attachment sdp_file filter_script filter_complex_script pre fpre
         vpre apre spre x264-stats enc_stats_pre enc_stats_post mux_stats map_metadata`,
      ],
      [ends, "t to ss sseof frames vframes aframes dframes fs timelimit"],
    ] as const
  ).flatMap(([reason, names]) => wordsOf(names).map((name) => [name, reason] as const)),
)
