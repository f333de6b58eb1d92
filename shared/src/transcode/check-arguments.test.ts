import { describe, expect, it } from "vitest"
import { checkArguments } from "./check-arguments.ts"

const reasonOf = (template: string) => {
  const checked = checkArguments(template)
  return checked.ok ? null : checked.message
}

describe("arguments that people use", () => {
  it.each([
    "-c:v libx264 -preset veryfast -crf 23 -c:a aac -b:a 128k",
    "-c:v libx264 -b:v 1500k -maxrate 1500k -bufsize 3M -vf scale=-2:480 -c:a aac -ac 2 -ar 48000",
    "-vf yadif=0:-1:1,scale=1280:720:flags=lanczos,fps=30000/1001 -c:v libx264 -tune zerolatency",
    "-map 0:v:0 -map 0:a? -c copy",
    "-map 0:v -map 0:a:1 -c:v copy -c:a ac3 -b:a 384k",
    "-c:v libx265 -x265-params keyint=50:min-keyint=50:scenecut=0 -crf 28 -c:a copy",
    "-c:v libx264 -x264-params nal-hrd=cbr:force-cfr=1 -b:v 2M -minrate 2M -maxrate 2M -bufsize 2M -an",
    "-c:v h264_nvenc -preset p4 -rc vbr -cq 23 -c:a aac",
    "-force_key_frames 'expr:gte(t,n_forced*2)' -c:v libx264 -g 50 -keyint_min 50 -sc_threshold 0 -c:a copy",
    "-vn -c:a libmp3lame -b:a 192k",
    "-c:v mpeg2video -q:v 4 -s 720x576 -aspect 16:9 -c:a mp2",
    "-vf \"scale='min(1280,iw)':-2\" -c:v libx264 -profile:v high -level 4.1 -c:a aac",
    "-af loudnorm=I=-16:TP=-1.5:LRA=11 -c:v copy -c:a aac",
    "-af 'pan=stereo|c0=c0|c1=c1' -c:v copy -c:a aac",
    "-vf scale=iw/2:-2,setsar=1/1 -c:v libx264 -pix_fmt yuv420p -c:a copy -sn -dn -mpegts_flags +resend_headers",
  ])("pass: %s", (template) => {
    expect(reasonOf(template)).toBeNull()
  })

  it.each([
    "-c copy -f mpegts",
    "-filter_complex '[0:v]split=2[a][b];[b]scale=320:-2[c];[a][c]overlay=W-w:H-h[out]' -map [out] -map 0:a -c:v libx264",
    "-vaapi_device /dev/dri/renderD128 -vf format=nv12,hwupload,scale_vaapi=-2:720 -c:v h264_vaapi -qp 24 -c:a copy",
    "-init_hw_device qsv=hw -filter_hw_device hw -c:v h264_qsv -global_quality 25 -look_ahead 1 -c:a copy",
    "-c:v libx264 -metadata service_provider=Club -metadata:s:a:0 language=deu -disposition:a:0 default -c:a aac",
    "-c copy \\\n -sn",
    "-c:v copy -bsf:v h264_mp4toannexb -c:a aac -ab 128k -async 1 -copyts -muxdelay 0",
    "-c:v libx264 -vf 'scale=-2:min(720\\,ih)' -x264opts no-scenecut:keyint=50:8x8dct=1 -c:a copy",
  ])("pass too: %s", (template) => {
    expect(reasonOf(template)).toBeNull()
  })

  it("lose a format that is what is set anyway", () => {
    expect(checkArguments("-c copy -f mpegts -sn")).toEqual({ ok: true, words: ["-c", "copy", "-sn"] })
  })

  it("come out as words, unchanged", () => {
    const checked = checkArguments(`-vf "scale='min(1280,iw)':-2" -c:v libx264`)
    expect(checked).toEqual({ ok: true, words: ["-vf", "scale='min(1280,iw)':-2", "-c:v", "libx264"] })
  })
})

describe("arguments that are refused", () => {
  it.each([
    // Inputs.
    ["-i /etc/passwd", '"-i"'],
    ["-c copy -i http://host/x", '"-i"'],
    ["-re -c copy", '"-re"'],
    ["-hwaccel cuda -c copy", "the input, which Tributary opens"],
    ["-f concat -c copy", '"-f concat"'],
    ["-f mpegts pipe:1", '"pipe:1": input and output are placed by Tributary'],
    ["-c copy file:/etc/passwd", '"file:/etc/passwd"'],
    ["-c copy concat:a.ts|b.ts", '"|"'],
    ["-c copy 'concat:a.ts|b.ts'", '"concat:a.ts|b.ts"'],
    ["-c copy subfile,,start,0,end,10,,:/etc/passwd", "subfile"],
    ["-c copy crypto:x", '"crypto:x"'],
    ["-c copy data:text/plain;base64,AAAA", '";"'],
    ["-c copy tcp://127.0.0.1:6379", '"tcp://127.0.0.1:6379"'],
    ["-c copy pipe:0", '"pipe:0"'],
    ["{input_url} -c copy", '"{input_url}"'],
    ["-c copy {output}", '"{output}"'],
    ["-stream_loop -1 -c copy", '"-stream_loop"'],
    ["-map 1:v -c copy", '"1:v"'],
    // Outputs.
    ["-c copy /tmp/out.ts", '"/tmp/out.ts"'],
    ["-c copy out.ts", '"out.ts"'],
    ["-c copy ../out.ts", '"../out.ts"'],
    ["-c copy -", '"-"'],
    ["-c copy -y", '"-y"'],
    ["-c copy -f tee", '"-f tee"'],
    ["-c copy -f hls", '"-f hls"'],
    ["-c copy -f", 'ends with "-f"'],
    ["-c copy -t 5", "a live stream has no end"],
    ["-c copy udp://239.0.0.1:1234", '"udp://239.0.0.1:1234"'],
    ["-c:v libx264 -an out.mp4 -c:v copy", '"out.mp4"'],
    // A shell.
    ["-c copy; rm -rf /", '";"'],
    ["-c copy && reboot", '"&"'],
    ["-c copy | sh", '"|"'],
    ["-c copy > /etc/passwd", '">"'],
    ["-c copy $(reboot)", '"$"'],
    ["-c copy `reboot`", '"`"'],
    ["-c copy $HOME", '"$"'],
    ["-c copy\n-i x", "line break"],
    ["-c 'copy", "that is not closed"],
    ["-c copy \\", "ends with a \\"],
    // Filters.
    ["-vf movie=/etc/passwd", '"movie"'],
    ["-vf movie=x", '"movie"'],
    ["-af amovie=x", '"amovie"'],
    ["-vf subtitles=x.srt", '"subtitles"'],
    ["-vf ass=x.ass", '"ass"'],
    ["-vf drawtext=textfile=x", '"drawtext"'],
    ["-vf drawtext=text=x", '"drawtext"'],
    ["-vf scale=640:360,lut3d=x.cube", '"lut3d"'],
    ["-vf scale=640:360,sendcmd=c=x", '"sendcmd"'],
    ["-vf zmq", '"zmq"'],
    ["-vf metadata=print:file=x", '"metadata"'],
    ["-vf frei0r=x", '"frei0r"'],
    ["-af ladspa=x", '"ladspa"'],
    ["-af loudnorm=stats_file=x", "file"],
    ["-af loudnorm=-16:7:-1:0:0:0:0:0:1:0:none:x", "loudnorm"],
    ["-vf 'scale=1:1;movie=x'", '"movie"'],
    ["-filter_complex movie=x", '"movie"'],
    ["-filter_complex '[0:v]split[a][b];amovie=x[c];[a][b]hstack'", '"amovie"'],
    ["-filter_complex '[0:v][1:v]overlay'", '"[1:v]"'],
    ["-lavfi movie@x=f", '"movie"'],
    ["-vf 'scale=1:1, movie=x'", '"movie"'],
    ["-vf 'scale=1:1\\\\,movie=x,lut3d=x'", '"movie"'],
    ["-vf 'scale=1:1\\,movie=x,lut3d=x'", '"lut3d"'],
    ["-vf \"scale='1:1',movie=x\"", '"movie"'],
    ["-vf \"scale='1:1'',movie=x\"", "not closed"],
    ["-vf \"null,scale='a\\\\',movie=x,null\"", '"movie"'],
    ["-vf MOVIE=x", "names no filter"],
    ["-vf scale=/w=x", '"/w=x"'],
    ["-vf scale=h=1:/w=x", '"/w=x"'],
    ["-vf \"scale='/w'=x\"", "/w"],
    ["-vf overlay=eval_file=x", '"eval_file"'],
    ["-vf scale=1:1,", "names no filter"],
    ["-vf '[a/b]null'", "no label"],
    ["-vf null]", "no label"],
    ["-vf scale=x{y}", "no option of it has"],
    ["-filter_script x", '"-filter_script"'],
    ["-/vf x", '"-/vf"'],
    ["-filter:v scale=/tmp/x", 'the file "/tmp/x"'],
    // Files of encoders and of ffmpeg itself.
    ["-c:v libx264 -x264-params stats=/tmp/x", '"stats"'],
    ["-c:v libx264 -x264opts qpfile=x", '"qpfile"'],
    ["-c:v libx265 -x265-params csv=x:crf=28", '"csv"'],
    ["-c:v libx265 -x265-params crf=28:ANALYSIS_SAVE=x", '"ANALYSIS_SAVE"'],
    ["-c:v libx265 -x265-params scaling-list=x", '"scaling-list"'],
    ["-c:v libx264 -x264-params crf=/etc/passwd", '"/etc/passwd"'],
    ["-c:v libx264 -x264-params no-stats=x", '"no-stats"'],
    ["-c:v libx265 -x265-params crf=28:log-file=x", '"log-file"'],
    ["-c:v libx264 -pass 1", '"-pass"'],
    ["-passlogfile x -c copy", '"-passlogfile"'],
    ["-report -c copy", '"-report"'],
    ["-vstats_file x -c copy", '"-vstats_file"'],
    ["-progress http://x -c copy", '"-progress"'],
    ["-attach x -c copy", '"-attach"'],
    ["-dump_attachment:t x -c copy", '"-dump_attachment:t"'],
    ["-sdp_file x -c copy", '"-sdp_file"'],
    ["-fpre x -c copy", '"-fpre"'],
    ["-preset /tmp/x -c:v libx264", '"/tmp/x"'],
    ["-c:v file:x", '"file:x": no protocol'],
    ["-b:v {bitrate}", "placeholders are not filled in"],
    ["-vaapi_device /dev/sda", '"/dev/sda"'],
    ["-init_hw_device vaapi=a:/etc/passwd", "/etc/passwd"],
    ["-bsf:v noise=x", "noise"],
    ["-protocol_whitelist file -c copy", '"-protocol_whitelist"'],
    ["-metadata title=file:x -c copy", '"title=file:x"'],
    ["-map_metadata x -c copy", '"-map_metadata"'],
    ["-c copy @x", '"@x"'],
    ["-c copy --help", '"--help"'],
    ["-h full", '"-h"'],
    ["–c copy", '"–c"'],
    ["-force_key_frames file:x -c copy", '"file:x"'],
    // No template at all.
    ["", "names no option"],
    ["   ", "names no option"],
    ["-f mpegts", "names no option"],
    ["-b:v", "needs a value"],
    ["-b:v fast -c copy", '"fast"'],
    ["-b:v -i -c copy", '"-i"'],
    ["-c:v:x copy", '"-c:v:x"'],
    ["-c copy\u0000", "control character"],
  ])("are told the word that is wrong: %s", (template, word) => {
    expect(reasonOf(template)).toContain(word)
  })

  it("are not read when they are longer than any that is meant", () => {
    expect(reasonOf(`-c copy ${"-an ".repeat(2_000)}`)).toContain("4096 characters")
  })
})
