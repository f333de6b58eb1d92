// Of x264 and x265 (their `param_parse`). Those that name files are not here: stats, qpfile, cqmfile, csv, recon,
// analysis-save, analysis-load, lambda-file, scaling-list, zonefile, dhdr10-info, dolby-vision-rpu, nalu-file,
// film-grain, abr-ladder, opencl-clbin, log-file, …
const names = `
  aq-mode aq-strength aq-motion asm aud b-adapt b-bias b-intra b-pyramid bff tff bframes bframe-bias bitrate bluray-compat
  cabac chroma-qp-offset chromaloc colorprim colormatrix colorspace constrained-intra cplxblur crf crf-max crf-min ctu
  cu-lossless cutree cbqpoffs crqpoffs dct-decimate deadzone-inter deadzone-intra deblock direct early-skip fake-interlaced
  fast-cbf fast-intra fast-pskip filler force-cfr fps frame-packing frame-threads fullrange hdr hdr10 hdr10-opt high-tier
  hist-scenecut hme hrd hrd-concat info input-csp input-depth input-range interlaced intra-refresh ipratio keyint level
  level-idc limit-modes limit-refs limit-sao limit-tu log log-level lookahead-slices lookahead-threads lossless lr
  master-display max-cll max-merge max-tu-size mbtree me merange min-cu-size min-keyint mixed-refs mvrange mvrange-thread
  nal-hrd nf no-psy nr noise-reduction open-gop opt-cu-delta-qp opt-qp-pps opt-ref-list-length-pps output-csp output-depth
  overscan partitions pbratio pic-struct pmode pme pools preset profile psy psy-rd psy-rdoq qcomp qblur qp qpmax qpmin
  qpstep range ratetol rc-grain rc-lookahead rd rdoq-level rect amp ref refs repeat-headers rskip sao sao-non-deblock sar
  scenecut scenecut-bias selective-sao slice-max-mbs slice-max-size slice-min-mbs sliced-threads slices sps-id
  stitchable strict-cbr strong-intra-smoothing subme sync-lookahead temporal-layers temporal-mvp threads transfer
  transform-skip trellis tskip tu-inter-depth tu-intra-depth tune uhd-bd vbv-bufsize vbv-init vbv-maxrate videoformat
  vui-hrd-info vui-timing-info weightb weightp wpp 8x8dct`
const known = new Set(names.split(/\s+/).filter((name) => name !== ""))

/**
 * Why parameters for x264 or x265 (`key=value:key=value`) are not taken, in words that follow the option's name; null
 * when they are.
 */
export function encoderParametersProblem(text: string): string | null {
  for (const part of text.split(":")) {
    const [, name = "", value = ""] = /^([^=]*)(?:=(.*))?$/s.exec(part) ?? []
    // Both know some without their hyphens, or with underscores, and a "no" before a switch.
    const key = name.toLowerCase().replaceAll("_", "-")
    if (!known.has(key) && !known.has(key.replace(/^no-?/, "")))
      return `has the parameter "${name}", which is not among those that only say how is encoded`
    if (!/^[A-Za-z0-9_.,()+*-]*$/.test(value))
      return `gives "${name}" the value "${value}", which it cannot have`
  }
  return null
}
