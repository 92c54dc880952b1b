# 窗口用语（中文）。键与英文文件一致。

# 步骤类别
kind-look = 查看
kind-write = 写入
kind-turn = 转折
kind-move = 迁移
kind-done = 完成
kind-fault = 故障

# 场景库
library-title = 场景库
library-line = 共 { $n } 个场景，均由真实的状态机驱动
search-scenes = 搜索场景、解说、论断
searching = 正在读取场景……
nothing-found = 没有匹配的场景，换个词试试，中英文都可以。
not-seen = 尚未观看
replayed = 与真实运行时一致
replayed-hint = 用真实系统的录制逐步回放过这台状态机，结果没有差异。

# 顶栏
to-library = 返回场景库
models = 模型 { $what }
other-language = Switch to English
to-light = 浅色主题
to-dark = 深色主题
settings = 设置
keys = 快捷键
present = 演示
show-panels = 显示面板
hide-panels = 隐藏面板
language = 语言
theme = 主题
dark = 深色
light = 浅色
scale = 界面缩放
smaller = 缩小
larger = 放大
reduced-motion = 减弱动态效果
stage-size = 大字画面
stage-size-hint = 画面更大、内容更少，和演示时一样  ·  V

# 舞台与时间线
stage = 舞台
timeline = 时间线
before-first = 第一步之前
fork-mark = “{ $name }”在第 { $at } 步分叉

# 播放控制
to-start = 回到开头
previous-stop = 上一个停点
step-back = 后退一步
play = 播放
pause = 暂停
space-key = 空格
step-forward = 前进一步
next-stop = 下一个停点
grain-stop = 停点
grain-action = 操作
grain-step = 每步
grain-stop-hint = 播放停在各停点，PageDown 跳到下一个停点（S）
grain-action-hint = 播放停在每个操作结束处，PageDown 走完一个操作（S）
grain-step-hint = 播放每步一停，PageDown 走一步（S）
stops-passed = 停点 { $n } / { $all }
to-end = 跳到结尾
rewind = 倒放
speed-is = 速度 { $speed }
speed-hint = 播放速度：+ 加快，- 减慢
loop = 循环本段
until = 播到…
until-hint = 播放到下一个此类事件为止
until-filter = 事件名
position = 步数
position-hint = 输入步数后按回车跳转
find-events = 搜索事件
find-hint = 搜索事件名、操作和解说，回车跳到下一处
no-hits = 无匹配
next-hit = 下一处
previous-hit = 上一处

# 如果
what-if = 如果…在此分叉
what-if-short = 如果…
what-if-at = 如果在第 { $at } 步…
what-if-leaves = 从这里分出一条新分支，原来的运行保持不变。
what-if-goes-on = 在分支末尾继续。
type-action = 自己输入一个操作
take = 执行
choices = 接下来可能发生
go-on = 让它跑下去
go-on-hint = 能运行的轮流执行，直到谁都跑不动
ran-on-ended = 轮流执行了 { $turns } 次，到第 { $step } 步：没有谁还能运行，也没有出问题。
ran-on-stuck = 轮流执行了 { $turns } 次，到第 { $step } 步：没有谁还能运行。结果：
ran-on-turns = 轮流执行了 { $turns } 次（一次最多这么多），到第 { $step } 步：还能继续，可再按一次。
ran-on-limit = 轮流执行了 { $turns } 次，到第 { $step } 步：达到上限。
ran-on-broken = 定律被违反：{ $law }
forms = 这里可以输入，例如：
no-choices = 此处没有可选操作，请自行输入。
close = 关闭

# 面板
panel-code = 代码
panel-state = 状态
panel-laws = 定律
panel-curves = 曲线
panel-claims = 论断
panel-branches = 分支
no-code = 该机制没有代码清单。
current-line = 当前行：{ $line }
changed = 这一步改变了什么
nothing-changed = 没有变化：这一步只是查看或判断。
and-more = …还有 { $n } 处
why = 为什么
broken-scenes = 无法读取的场景文件：
no-number = “{ $typed }”不是步号：请输入 0 到 { $steps } 的数字。
no-step = 没有第 { $at } 步：请输入 0 到 { $steps } 的数字。
asked = 人们会问
no-reasons = 这一步直接由操作引起。
step-number = 第 { $at } 步
whole-state = 完整状态
open-more = 再展开一层
close-all = 全部收起
laws-held = 此处 { $all } 条定律中有 { $held } 条成立。
law-holds = 成立
law-broken = 被违反
law-reached = 已达到
law-not-yet = 尚未达到
no-laws = 该机制没有定律。
no-curves = 该机制没有可绘制的指标。
curve-of = 曲线：{ $name }
no-claims = 该机制没有论断。
left-out = 模型省略了什么
claim-true = 正确
claim-imprecise = 不准确
claim-not-in-source = 源码里没有
claim-false = 错误
quoted = “{ $words }”
show-moment = 看这一刻
show-in = 在“{ $scene }”中查看

# 分支
no-branches = 还没有分支。在任意一步按 F，选择另一种可能。
show-branch = 显示 { $name }
remove-branch = 删除 { $name }
rename-branch = 重命名 { $name }
branch-name = 分支名称
leaves-at = 在第 { $at } 步离开“{ $name }”
compare = 对比
compare-left = 左
compare-right = 右
at-ends = 各自末尾
at-position = 第 { $at } 步
no-differences = 两边状态相同。
differences = 两边状态有 { $n } 处不同。
not-there = 不存在

# 消息
damaged-settings = 设置文件无法读取，已移到一旁：{ $place }
unstaged = 无法打开 { $scene }
unsaved-settings = 设置无法保存到 { $place }
saved-settings = 设置已恢复保存。
partly-read-settings = 部分设置无法识别：暂用默认值，文件中的原内容保留。
dormant-branches = 以下分支与当前场景不符，已保留，场景恢复后会自动出现：{ $names }
dormant = 与当前场景不符，已保留。
not-watched = 目前无法察觉场景文件的改动。
no-moment = 这次运行后面没有“{ $event }”。
reloaded = 场景已重新加载。
dismiss = 知道了

# 快捷键
while-presenting = 演示时
key-play = 播放或暂停
key-forward = 前进一步；按住连续播放
key-back = 后退一步；按住倒放
key-library = 返回场景库
key-next-stop = 下一个停点
key-previous-stop = 上一个停点
key-press-forward = 按所选粒度前进
key-press-back = 按所选粒度后退
key-grain = 粒度：停点、操作、每步
key-next-action = 下一个操作
key-previous-action = 上一个操作
key-rewind = 倒放，或停止倒放
key-home = 回到开头
key-end = 跳到结尾
key-faster = 加快
key-slower = 减慢
key-loop = 循环本段，或取消循环
key-fork = 如果：在此分叉
key-find = 搜索
key-find-next = 下一处匹配
key-find-previous = 上一处匹配
key-panels = 显示或隐藏面板
key-stage-size = 切换大字画面
key-fit = 画面适应舞台
key-present = 全屏演示，再按返回
key-blank = 黑屏，再按恢复
key-escape = 返回
key-theme = 深色 / 浅色
key-language = 中文 / English
key-larger = 界面放大
key-smaller = 界面缩小
key-scale-reset = 界面恢复原始大小
key-help = 本表
staging = 准备中…
