import { readFilterGraph } from "./filter-graph.ts"

// Those that change picture or sound and do nothing else: they know no files, addresses, commands or plug-ins.
// (Kept out for that: movie, subtitles, ass, drawtext, lut3d, haldclut, removelogo, deshake, vidstab, nnedi, libplacebo,
// sendcmd, zmq, metadata, psnr, ssim, libvmaf, frei0r, ladspa, lv2, sofalizer, arnndn, firequalizer, afir, …)
const picture = `
  scale scale2ref scale_cuda scale_npp scale_qsv scale_vaapi zscale vpp_qsv
  fps framerate framestep minterpolate mpdecimate decimate dejudder setpts settb
  yadif bwdif w3fdif estdif kerndeint yadif_cuda bwdif_cuda deinterlace_qsv deinterlace_vaapi pullup detelecine fieldmatch
  field fieldorder separatefields weave doubleweave interlace tinterlace telecine setfield idet
  format noformat setsar setdar setparams setrange colorspace colormatrix tonemap tonemap_vaapi
  crop pad pad_opencl transpose transpose_vaapi hflip vflip rotate fillborders delogo drawbox
  hqdn3d nlmeans atadenoise bm3d vaguedenoiser removegrain denoise_vaapi deblock deband deflicker dedot gradfun
  unsharp cas smartblur boxblur gblur avgblur sharpness_vaapi
  eq hue colorbalance colorlevels colortemperature vibrance exposure procamp_vaapi normalize lutyuv lutrgb negate
  hwupload hwdownload hwupload_cuda hwmap
  split overlay overlay_cuda overlay_qsv overlay_vaapi hstack vstack null copy`
const sound = `
  aformat aresample asetpts asettb asetnsamples asetrate atempo anull asplit amerge amix join
  pan channelmap channelsplit volume loudnorm dynaudnorm speechnorm acompressor alimiter compand agate
  highpass lowpass bandpass bandreject bass treble equalizer superequalizer lowshelf highshelf
  adelay apad afftdn anlmdn adeclick adeclip deesser dialoguenhance acontrast crystalizer extrastereo stereotools
  stereowiden earwax crossfeed haas surround`
const allowed = new Set(`${picture} ${sound}`.split(/\s+/).filter((name) => name !== ""))

// Options of no filter above, as far as they are known; later versions of ffmpeg may add some (loudnorm has
// "stats_file" by now), which is what this is for.
const namesAFile =
  /(?:^|[:,])[\s'\\]*(\w*(?:file|path|script|dump|plugin|model|url|stats|log|command|cmd)\w*)[\s'\\]*=/i
// ffmpeg 7 reads the value of an option that is written with a / before its name from a file.
const beginsWithSlash = /(?:^|[:=|,])[\s'\\]*(\/\S*)/
const option = /^[A-Za-z0-9_.,:;=+\-*/%^<>()|!~#@ '\\[\]]*$/

/**
 * Why a filter graph is not taken, in words that follow the option's name; null when it is. Its inputs are streams of
 * the one input that there is.
 */
export function filterProblem(text: string): string | null {
  const graph = readFilterGraph(text)
  if (!graph.ok) return graph.message
  const [foreign] = graph.labels.filter((label) => label.includes(":") && !/^0:[A-Za-z0-9:#]+$/.test(label))
  if (foreign !== undefined) return `names "[${foreign}]", and the only input is 0`
  for (const { name, options } of graph.filters) {
    if (!allowed.has(name))
      return `names the filter "${name}", which is not among those that can do no more than change picture and sound`
    const [, key] = namesAFile.exec(options) ?? []
    if (key !== undefined) return `gives "${name}" the option "${key}", and files are not allowed`
    const [, path] = beginsWithSlash.exec(options) ?? []
    if (path !== undefined) return `gives "${name}" the file "${path}", and files are not allowed`
    // Its last option by place is a file.
    if (name === "loudnorm" && !/^(?:\w+=[\w.+-]+(?::\w+=[\w.+-]+)*)?$/.test(options))
      return `gives "loudnorm" options without their names: write it as loudnorm=I=-16:TP=-1.5`
    if (!option.test(options)) return `gives "${name}" what no option of it has: "${options}"`
  }
  return null
}
