<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
 <context>
  <name>About</name>
  <message>
   <source>RoomNet</source>
   <translation>RoomNet</translation>
  </message>
  <message>
   <source>(not installed)</source>
   <translation>（未安装）</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>模型</translation>
  </message>
  <message>
   <source>Runs on</source>
   <translation>运行设备</translation>
  </message>
  <message>
   <source>(not loaded yet)</source>
   <translation>（尚未加载）</translation>
  </message>
  <message>
   <source>System</source>
   <translation>系统</translation>
  </message>
  <message>
   <source>RoomNet is free software under the MIT licence.</source>
   <translation>RoomNet 是采用 MIT 许可的自由软件。</translation>
  </message>
  <message>
   <source>Qt and Qt for Python are used under the GNU Lesser General Public License, version 3. They are libraries of their own, which you may replace by other versions; their source is at https://code.qt.io.</source>
   <translation>Qt 和 Qt for Python 按 GNU 宽通用公共许可证（LGPL）第 3 版使用。它们是独立的库，您可以换用其他版本；其源代码见 https://code.qt.io。</translation>
  </message>
  <message>
   <source>About RoomNet</source>
   <translation>关于 RoomNet</translation>
  </message>
  <message>
   <source>{title}: {value}</source>
   <translation>{title}：{value}</translation>
  </message>
  <message>
   <source>Versions</source>
   <translation>版本</translation>
  </message>
  <message>
   <source>Licences</source>
   <translation>许可</translation>
  </message>
  <message>
   <source>&amp;Versions</source>
   <translation>版本(&amp;V)</translation>
  </message>
  <message>
   <source>&amp;Licences</source>
   <translation>许可(&amp;L)</translation>
  </message>
  <message>
   <source>&amp;Copy</source>
   <translation>复制(&amp;C)</translation>
  </message>
  <message>
   <source>Copy versions and licences to the clipboard</source>
   <translation>把版本和许可复制到剪贴板</translation>
  </message>
  <message>
   <source>RoomNet sorts house photos by room.</source>
   <translation>RoomNet 按房间整理房屋照片。</translation>
  </message>
  <message>
   <source>Everything stays on this computer: no photo and no name leaves it.</source>
   <translation>一切都留在这台电脑上：照片和文件名都不会外传。</translation>
  </message>
  <message>
   <source>Licence &amp;texts</source>
   <translation>许可全文(&amp;T)</translation>
  </message>
  <message>
   <source>Open the folder with the texts of all licences</source>
   <translation>打开存放所有许可全文的文件夹</translation>
  </message>
 </context>
 <context>
  <name>Actions</name>
  <message>
   <source>&amp;Open folder…</source>
   <translation>打开文件夹(&amp;O)…</translation>
  </message>
  <message>
   <source>Start with the photos of a folder</source>
   <translation>打开一个文件夹里的照片</translation>
  </message>
  <message>
   <source>Add &amp;folder…</source>
   <translation>添加文件夹(&amp;F)…</translation>
  </message>
  <message>
   <source>Add the photos of another folder</source>
   <translation>再添加一个文件夹里的照片</translation>
  </message>
  <message>
   <source>&amp;Add photos…</source>
   <translation>添加照片(&amp;A)…</translation>
  </message>
  <message>
   <source>Add single photos</source>
   <translation>添加若干张照片</translation>
  </message>
  <message>
   <source>&amp;Close photos</source>
   <translation>关闭照片(&amp;C)</translation>
  </message>
  <message>
   <source>Take all photos out of the window; their rooms are kept</source>
   <translation>从窗口移走所有照片；已标记的房间会保留</translation>
  </message>
  <message>
   <source>Export to E&amp;xcel…</source>
   <translation>导出到 Excel(&amp;X)…</translation>
  </message>
  <message>
   <source>Write photos and rooms to an Excel file</source>
   <translation>把照片和房间写入 Excel 文件</translation>
  </message>
  <message>
   <source>&amp;Export…</source>
   <translation>导出(&amp;E)…</translation>
  </message>
  <message>
   <source>Write tables, labelled copies or keywords for other programs</source>
   <translation>导出表格、带标注的副本，或写入供其他程序使用的关键字</translation>
  </message>
  <message>
   <source>&amp;Sort into folders…</source>
   <translation>整理到文件夹(&amp;S)…</translation>
  </message>
  <message>
   <source>Copy or move the photos into a folder a room</source>
   <translation>按房间把照片复制或移动到各自的文件夹</translation>
  </message>
  <message>
   <source>Bring the files of the last sort back</source>
   <translation>把上次整理的文件恢复原位</translation>
  </message>
  <message>
   <source>&amp;Earlier sorts…</source>
   <translation>整理历史(&amp;E)…</translation>
  </message>
  <message>
   <source>Undo, redo or finish any sort, also of earlier days</source>
   <translation>撤销、重做或完成任何一次整理，包括以前的</translation>
  </message>
  <message>
   <source>&amp;Quit</source>
   <translation>退出(&amp;Q)</translation>
  </message>
  <message>
   <source>Close RoomNet</source>
   <translation>关闭 RoomNet</translation>
  </message>
  <message>
   <source>Select &amp;all</source>
   <translation>全选(&amp;A)</translation>
  </message>
  <message>
   <source>Select all photos shown</source>
   <translation>选中显示的所有照片</translation>
  </message>
  <message>
   <source>&amp;Find by name</source>
   <translation>按名称查找(&amp;F)</translation>
  </message>
  <message>
   <source>Search the file names</source>
   <translation>搜索文件名</translation>
  </message>
  <message>
   <source>&amp;Back to the model's room</source>
   <translation>恢复为模型的判断(&amp;B)</translation>
  </message>
  <message>
   <source>Take back your own room of the selected photos</source>
   <translation>取消您为所选照片指定的房间</translation>
  </message>
  <message>
   <source>&amp;Accept the model's room</source>
   <translation>采纳模型的判断(&amp;A)</translation>
  </message>
  <message>
   <source>The model is right; on to the next photo</source>
   <translation>模型判断正确；转到下一张照片</translation>
  </message>
  <message>
   <source>&amp;Cover of its room</source>
   <translation>设为房间封面(&amp;C)</translation>
  </message>
  <message>
   <source>This photo stands for its room; again: no longer</source>
   <translation>用这张照片代表它的房间；再按一次取消</translation>
  </message>
  <message>
   <source>&amp;Next unsure</source>
   <translation>下一张不确定的(&amp;N)</translation>
  </message>
  <message>
   <source>Go to the next photo to check</source>
   <translation>转到下一张待检查的照片</translation>
  </message>
  <message>
   <source>Pre&amp;vious unsure</source>
   <translation>上一张不确定的(&amp;V)</translation>
  </message>
  <message>
   <source>Go to the previous photo to check</source>
   <translation>转到上一张待检查的照片</translation>
  </message>
  <message>
   <source>Classify the &amp;rest</source>
   <translation>识别其余照片(&amp;R)</translation>
  </message>
  <message>
   <source>Look for new photos and classify what has no room yet</source>
   <translation>查找新照片，并识别尚无房间的照片</translation>
  </message>
  <message>
   <source>Canc&amp;el classifying</source>
   <translation>停止识别(&amp;E)</translation>
  </message>
  <message>
   <source>Stop; what is done stays</source>
   <translation>停止；已完成的会保留</translation>
  </message>
  <message>
   <source>&amp;Large picture</source>
   <translation>大图(&amp;L)</translation>
  </message>
  <message>
   <source>Show the photo large (Space)</source>
   <translation>放大显示照片（空格键）</translation>
  </message>
  <message>
   <source>Actual si&amp;ze</source>
   <translation>实际大小(&amp;Z)</translation>
  </message>
  <message>
   <source>The large picture at 100 %, or fitted into the window again</source>
   <translation>以 100% 显示大图，或重新适合窗口</translation>
  </message>
  <message>
   <source>Zoom &amp;in</source>
   <translation>放大(&amp;I)</translation>
  </message>
  <message>
   <source>Larger thumbnails, or a larger picture</source>
   <translation>放大缩略图或图片</translation>
  </message>
  <message>
   <source>Zoom &amp;out</source>
   <translation>缩小(&amp;O)</translation>
  </message>
  <message>
   <source>Smaller thumbnails, or a smaller picture</source>
   <translation>缩小缩略图或图片</translation>
  </message>
  <message>
   <source>&amp;Normal zoom</source>
   <translation>默认大小(&amp;N)</translation>
  </message>
  <message>
   <source>The zoom that RoomNet starts with</source>
   <translation>恢复为启动时的大小</translation>
  </message>
  <message>
   <source>&amp;Review photos</source>
   <translation>审阅照片(&amp;R)</translation>
  </message>
  <message>
   <source>Look through photos and their rooms</source>
   <translation>查看照片和它们的房间</translation>
  </message>
  <message>
   <source>&amp;Train a model</source>
   <translation>训练模型(&amp;T)</translation>
  </message>
  <message>
   <source>Teach RoomNet your own rooms, with your own photos</source>
   <translation>用您自己的照片教会 RoomNet 识别您自己的房间</translation>
  </message>
  <message>
   <source>&amp;Manage models…</source>
   <translation>管理模型(&amp;M)…</translation>
  </message>
  <message>
   <source>Use, rename, export, import and remove models</source>
   <translation>使用、重命名、导出、导入和删除模型</translation>
  </message>
  <message>
   <source>&amp;Details</source>
   <translation>详细信息(&amp;D)</translation>
  </message>
  <message>
   <source>Show all that is known of the photo</source>
   <translation>显示照片的全部信息</translation>
  </message>
  <message>
   <source>Ne&amp;xt panel</source>
   <translation>下一个面板(&amp;X)</translation>
  </message>
  <message>
   <source>Take the keyboard to the next panel</source>
   <translation>把键盘焦点移到下一个面板</translation>
  </message>
  <message>
   <source>&amp;Previous panel</source>
   <translation>上一个面板(&amp;P)</translation>
  </message>
  <message>
   <source>Take the keyboard to the previous panel</source>
   <translation>把键盘焦点移到上一个面板</translation>
  </message>
  <message>
   <source>RoomNet &amp;help</source>
   <translation>RoomNet 帮助(&amp;H)</translation>
  </message>
  <message>
   <source>The page of the guide about what is on the screen</source>
   <translation>打开与当前界面相关的帮助页面</translation>
  </message>
  <message>
   <source>&amp;Keys</source>
   <translation>快捷键(&amp;K)</translation>
  </message>
  <message>
   <source>Show all keys</source>
   <translation>显示所有快捷键</translation>
  </message>
  <message>
   <source>&amp;Welcome…</source>
   <translation>欢迎(&amp;W)…</translation>
  </message>
  <message>
   <source>What RoomNet does, in three steps</source>
   <translation>用三步了解 RoomNet</translation>
  </message>
  <message>
   <source>&amp;Sample photos</source>
   <translation>示例照片(&amp;S)</translation>
  </message>
  <message>
   <source>Open the photos that come with RoomNet, to try it</source>
   <translation>打开随 RoomNet 提供的照片，试用一下</translation>
  </message>
  <message>
   <source>&amp;Logs…</source>
   <translation>日志(&amp;L)…</translation>
  </message>
  <message>
   <source>What went wrong lately, for a report</source>
   <translation>最近出现的问题，供反馈时使用</translation>
  </message>
  <message>
   <source>&amp;About RoomNet</source>
   <translation>关于 RoomNet(&amp;A)</translation>
  </message>
  <message>
   <source>Versions and licences</source>
   <translation>版本和许可</translation>
  </message>
  <message>
   <source>Open folder</source>
   <translation>打开文件夹</translation>
  </message>
  <message>
   <source>Add photos</source>
   <translation>添加照片</translation>
  </message>
  <message>
   <source>Excel</source>
   <translation>Excel</translation>
  </message>
  <message>
   <source>Sort</source>
   <translation>整理</translation>
  </message>
  <message>
   <source>Review</source>
   <translation>审阅</translation>
  </message>
  <message>
   <source>Train</source>
   <translation>训练</translation>
  </message>
  <message>
   <source>&amp;File</source>
   <translation>文件(&amp;F)</translation>
  </message>
  <message>
   <source>Open &amp;recent</source>
   <translation>最近打开(&amp;R)</translation>
  </message>
  <message>
   <source>&amp;Edit</source>
   <translation>编辑(&amp;E)</translation>
  </message>
  <message>
   <source>&amp;Photos</source>
   <translation>照片(&amp;P)</translation>
  </message>
  <message>
   <source>&amp;Room</source>
   <translation>房间(&amp;R)</translation>
  </message>
  <message>
   <source>&amp;Model</source>
   <translation>模型(&amp;M)</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>视图(&amp;V)</translation>
  </message>
  <message>
   <source>&amp;Appearance</source>
   <translation>外观(&amp;A)</translation>
  </message>
  <message>
   <source>Lan&amp;guage · 语言</source>
   <translation>语言(&amp;G) · Language</translation>
  </message>
  <message>
   <source>&amp;Help</source>
   <translation>帮助(&amp;H)</translation>
  </message>
  <message>
   <source>As the &amp;system</source>
   <translation>跟随系统(&amp;S)</translation>
  </message>
  <message>
   <source>&amp;Light</source>
   <translation>浅色(&amp;L)</translation>
  </message>
  <message>
   <source>&amp;Dark</source>
   <translation>深色(&amp;D)</translation>
  </message>
  <message>
   <source>&amp;Undo {what}</source>
   <translation>撤销(&amp;U)：{what}</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>撤销(&amp;U)</translation>
  </message>
  <message>
   <source>&amp;Redo {what}</source>
   <translation>重做(&amp;R)：{what}</translation>
  </message>
  <message>
   <source>&amp;Redo</source>
   <translation>重做(&amp;R)</translation>
  </message>
  <message>
   <source>U&amp;ndo last sort</source>
   <translation>撤销上次整理(&amp;N)</translation>
  </message>
  <message>
   <source>U&amp;ndo {sort}</source>
   <translation>撤销(&amp;N)：{sort}</translation>
  </message>
  <message>
   <source>The selected photos show: {room}</source>
   <translation>所选照片是：{room}</translation>
  </message>
  <message>
   <source>&amp;Leave out</source>
   <translation>不用于训练(&amp;L)</translation>
  </message>
  <message>
   <source>Do not learn from the selected photos, or take them in again</source>
   <translation>不用所选照片训练，或重新采用</translation>
  </message>
  <message>
   <source>Re&amp;ject</source>
   <translation>排除(&amp;J)</translation>
  </message>
  <message>
   <source>Set the selected photos aside, or take rejected ones back</source>
   <translation>排除所选照片，或恢复已排除的照片</translation>
  </message>
 </context>
 <context>
  <name>Application</name>
  <message>
   <source>RoomNet is running already, but does not answer. End it, or wait a moment, and start it again.</source>
   <translation>RoomNet 已在运行，但没有响应。请结束它，或稍等片刻后重新启动。</translation>
  </message>
 </context>
 <context>
  <name>CatalogQuestion</name>
  <message>
   <source>RoomNet</source>
   <translation>RoomNet</translation>
  </message>
  <message>
   <source>The labels of earlier sittings cannot be opened.</source>
   <translation>无法打开以前的标记。</translation>
  </message>
  <message>
   <source>&amp;Restore the backup</source>
   <translation>恢复备份(&amp;R)</translation>
  </message>
  <message>
   <source>Start &amp;anew (keeps the old file)</source>
   <translation>重新开始（保留旧文件）(&amp;A)</translation>
  </message>
  <message>
   <source>&amp;Try again</source>
   <translation>重试(&amp;T)</translation>
  </message>
  <message>
   <source>Go on &amp;without saving</source>
   <translation>不保存并继续(&amp;W)</translation>
  </message>
 </context>
 <context>
  <name>ComparisonModel</name>
  <message>
   <source>{name} (in use)</source>
   <translation>{name}（使用中）</translation>
  </message>
  <message>
   <source>In use</source>
   <translation>使用中</translation>
  </message>
  <message>
   <source>On the same validation photos</source>
   <translation>在相同的验证照片上</translation>
  </message>
  <message>
   <source>Difference</source>
   <translation>差异</translation>
  </message>
 </context>
 <context>
  <name>ConfusionModel</name>
  <message>
   <source>Photos of {room}</source>
   <translation>{room}的照片</translation>
  </message>
  <message>
   <source>Called {room}</source>
   <translation>判为{room}</translation>
  </message>
  <message>
   <source>{count} of {all} of {room} called {called}</source>
   <translation>{room}的 {all}中有 {count} 张判为{called}</translation>
  </message>
 </context>
 <context>
  <name>ConfusionTable</name>
  <message>
   <source>Confusion matrix: rows are what photos show, columns what they were called</source>
   <translation>混淆矩阵：行是照片的实际类别，列是模型的判断</translation>
  </message>
  <message>
   <source>Each row: what the photos of that class were called</source>
   <translation>每一行：该类别的照片被判为什么</translation>
  </message>
 </context>
 <context>
  <name>Core</name>
  <message>
   <source>A change could not be written: {0}</source>
   <translation>一项更改未能写入：{0}</translation>
  </message>
  <message>
   <source>A class cannot be called “{0}”: Windows allows no folder of that name, and sorting makes one. Rename it.</source>
   <translation>类别不能叫“{0}”：Windows 不允许这样的文件夹名，而整理时会建立同名文件夹。请重命名。</translation>
  </message>
  <message>
   <source>A class cannot be called “{0}”: its name must also be the name of one folder. Rename it.</source>
   <translation>类别不能叫“{0}”：它的名称必须也能用作文件夹名。请重命名。</translation>
  </message>
  <message>
   <source>A class cannot be called “{0}”: that name means “none of the classes”. Rename it.</source>
   <translation>类别不能叫“{0}”：这个名称表示“不属于任何类别”。请重命名。</translation>
  </message>
  <message>
   <source>A class needs a name.</source>
   <translation>类别需要一个名称。</translation>
  </message>
  <message>
   <source>A model can only be checked with the LiteRT runtime, which is not installed.</source>
   <translation>只有安装 LiteRT 运行库才能检查模型，而它没有安装。</translation>
  </message>
  <message>
   <source>A model cannot be called “{0}”: its folder could not have that name everywhere.</source>
   <translation>模型不能叫“{0}”：它的文件夹在有些系统上不能用这个名称。</translation>
  </message>
  <message>
   <source>A model needs a name.</source>
   <translation>模型需要一个名称。</translation>
  </message>
  <message>
   <source>A model needs at least two classes.</source>
   <translation>模型至少需要两个类别。</translation>
  </message>
  <message>
   <source>A model's name may have at most {0} letters.</source>
   <translation>模型名称最多 {0} 个字符。</translation>
  </message>
  <message>
   <source>A name cannot hold {0}. The name template was {1}</source>
   <translation>名称不能含有 {0}。模板为 {1}</translation>
  </message>
  <message>
   <source>A new last layer on the network of {0}, trained on the user's photos.</source>
   <translation>在 {0} 的网络上，用您的照片训练的新的最后一层。</translation>
  </message>
  <message>
   <source>Accepted</source>
   <translation>已确认</translation>
  </message>
  <message>
   <source>Accuracy on all</source>
   <translation>全部照片的准确率</translation>
  </message>
  <message>
   <source>Accuracy{0}</source>
   <translation>准确率{0}</translation>
  </message>
  <message>
   <source>All photos</source>
   <translation>所有照片</translation>
  </message>
  <message>
   <source>An Excel sheet ends at {0} rows. Export {1} photos as CSV.</source>
   <translation>Excel 工作表最多 {0} 行。请把这 {1} 张照片导出为 CSV。</translation>
  </message>
  <message>
   <source>Another number gives another random order, and another choice of photos to check with.</source>
   <translation>换一个数字，随机顺序和用于验证的照片也会不同。</translation>
  </message>
  <message>
   <source>Another program holds the catalog {0}. Close other windows of RoomNet and try again.</source>
   <translation>另一个程序正在使用目录 {0}。请关闭其他 RoomNet 窗口后重试。</translation>
  </message>
  <message>
   <source>Another window or command of RoomNet is sorting or undoing. Wait until it is done, then try again.</source>
   <translation>另一个 RoomNet 窗口或命令正在整理或撤销。请等它完成后重试。</translation>
  </message>
  <message>
   <source>Augmentation</source>
   <translation>数据增强</translation>
  </message>
  <message>
   <source>Batch size</source>
   <translation>批大小</translation>
  </message>
  <message>
   <source>Calibration error</source>
   <translation>校准误差</translation>
  </message>
  <message>
   <source>Camera</source>
   <translation>相机</translation>
  </message>
  <message>
   <source>Captured</source>
   <translation>拍摄时间</translation>
  </message>
  <message>
   <source>Checking the model</source>
   <translation>正在检验模型</translation>
  </message>
  <message>
   <source>Class ids must count up from 0 without a gap.</source>
   <translation>类别编号必须从 0 开始连续递增。</translation>
  </message>
  <message>
   <source>Class names must differ, also in small and capital letters. Received: {0}</source>
   <translation>类别名称不能相同，也不能只有大小写之别。收到：{0}</translation>
  </message>
  <message>
   <source>Confidence</source>
   <translation>置信度</translation>
  </message>
  <message>
   <source>Confusion</source>
   <translation>混淆矩阵</translation>
  </message>
  <message>
   <source>Corrected</source>
   <translation>已更正</translation>
  </message>
  <message>
   <source>Cover</source>
   <translation>封面</translation>
  </message>
  <message>
   <source>Decided by</source>
   <translation>判定者</translation>
  </message>
  <message>
   <source>Device or resource busy</source>
   <translation>设备正忙</translation>
  </message>
  <message>
   <source>Disk quota exceeded</source>
   <translation>超出磁盘配额</translation>
  </message>
  <message>
   <source>Dropout</source>
   <translation>随机失活</translation>
  </message>
  <message>
   <source>Epochs</source>
   <translation>轮数</translation>
  </message>
  <message>
   <source>F-score</source>
   <translation>F 值</translation>
  </message>
  <message>
   <source>File</source>
   <translation>文件</translation>
  </message>
  <message>
   <source>File exists</source>
   <translation>文件已存在</translation>
  </message>
  <message>
   <source>File name too long</source>
   <translation>文件名过长</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>文件夹</translation>
  </message>
  <message>
   <source>For checking</source>
   <translation>验证比例</translation>
  </message>
  <message>
   <source>From scratch</source>
   <translation>从零开始</translation>
  </message>
  <message>
   <source>HEIC support is not installed: {0}</source>
   <translation>未安装 HEIC 支持：{0}</translation>
  </message>
  <message>
   <source>How far each correction goes. Too small learns slowly, too large forgets what the network knew.</source>
   <translation>每次修正的幅度。太小学得慢，太大会忘掉网络原有的知识。</translation>
  </message>
  <message>
   <source>How many photos are looked at before the network is corrected. Larger is steadier and takes more memory. From scratch begins with smaller ones.</source>
   <translation>每看多少张照片修正一次网络。越大越平稳，占用内存也越多。“从零开始”会先用较小的批。</translation>
  </message>
  <message>
   <source>How often every photo is looked at. More takes longer, and in the end learns the photos by heart.</source>
   <translation>每张照片学习多少遍。越多越慢，最终会变成死记照片。</translation>
  </message>
  <message>
   <source>How strongly weights are held back: for Quick toward where they started, otherwise toward nothing.</source>
   <translation>约束权重的力度：“快速”方式约束到初始值附近，其他方式约束到零附近。</translation>
  </message>
  <message>
   <source>Input/output error</source>
   <translation>输入/输出错误</translation>
  </message>
  <message>
   <source>Is a directory</source>
   <translation>是文件夹</translation>
  </message>
  <message>
   <source>It said: {0}</source>
   <translation>它的信息：{0}</translation>
  </message>
  <message>
   <source>Keep {0} unless you know why.</source>
   <translation>除非您清楚原因，否则请继续使用 {0}。</translation>
  </message>
  <message>
   <source>Learning rate</source>
   <translation>学习率</translation>
  </message>
  <message>
   <source>LibRaw: {0}</source>
   <translation>LibRaw：{0}</translation>
  </message>
  <message>
   <source>LiteRT is not installed</source>
   <translation>未安装 LiteRT</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>损失</translation>
  </message>
  <message>
   <source>Mean recall of the classes</source>
   <translation>各类别平均召回率</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>模型</translation>
  </message>
  <message>
   <source>Network</source>
   <translation>网络</translation>
  </message>
  <message>
   <source>New place</source>
   <translation>新位置</translation>
  </message>
  <message>
   <source>No space left on device</source>
   <translation>磁盘空间不足</translation>
  </message>
  <message>
   <source>No such file or directory</source>
   <translation>没有这样的文件或文件夹</translation>
  </message>
  <message>
   <source>Not a directory</source>
   <translation>不是文件夹</translation>
  </message>
  <message>
   <source>Not classified</source>
   <translation>未识别</translation>
  </message>
  <message>
   <source>Not one of the photos kept for checking can be read.</source>
   <translation>留作验证的照片没有一张能读取。</translation>
  </message>
  <message>
   <source>Not one of the training photos can be read.</source>
   <translation>训练照片没有一张能读取。</translation>
  </message>
  <message>
   <source>Not one of the {0} in {1} can be read.</source>
   <translation>{1} 中的 {0}没有一张能读取。</translation>
  </message>
  <message>
   <source>OK</source>
   <translation>确定</translation>
  </message>
  <message>
   <source>On {0} it is as good as {1}: both {2}.</source>
   <translation>在{0}上，它与 {1} 相当：都是 {2}。</translation>
  </message>
  <message>
   <source>On {0} it is {1} than {2}: {3} against {4}.</source>
   <translation>在{0}上，它比 {2} {1}：{3} 对 {4}。</translation>
  </message>
  <message>
   <source>Operation not permitted</source>
   <translation>不允许此操作</translation>
  </message>
  <message>
   <source>Permission denied</source>
   <translation>没有权限</translation>
  </message>
  <message>
   <source>Photos</source>
   <translation>照片</translation>
  </message>
  <message>
   <source>Photos cannot be moved out of {0}, which may not be changed. Copy them instead.</source>
   <translation>{0} 不允许改动，无法从中移走照片。请改用复制。</translation>
  </message>
  <message>
   <source>Photos per room</source>
   <translation>各房间的照片数</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>精确率</translation>
  </message>
  <message>
   <source>Predicted</source>
   <translation>模型判断</translation>
  </message>
  <message>
   <source>Problem: {0}</source>
   <translation>问题：{0}</translation>
  </message>
  <message>
   <source>Problems</source>
   <translation>问题</translation>
  </message>
  <message>
   <source>Quick</source>
   <translation>快速</translation>
  </message>
  <message>
   <source>Read-only file system</source>
   <translation>文件系统只读</translation>
  </message>
  <message>
   <source>Reading the photos</source>
   <translation>正在读取照片</translation>
  </message>
  <message>
   <source>Recall</source>
   <translation>召回率</translation>
  </message>
  <message>
   <source>Recall of {0}</source>
   <translation>{0} 的召回率</translation>
  </message>
  <message>
   <source>Rejected</source>
   <translation>已排除</translation>
  </message>
  <message>
   <source>Reliability</source>
   <translation>可靠性</translation>
  </message>
  <message>
   <source>Restore its backup of {0} with `roomnet doctor --restore-catalog`.</source>
   <translation>可用 `roomnet doctor --restore-catalog` 恢复 {0} 的备份。</translation>
  </message>
  <message>
   <source>Right among those</source>
   <translation>其中正确的比例</translation>
  </message>
  <message>
   <source>Room</source>
   <translation>房间</translation>
  </message>
  <message>
   <source>RoomNet was stopped before its turn came</source>
   <translation>还没轮到它，RoomNet 就被停止了</translation>
  </message>
  <message>
   <source>Saving the model</source>
   <translation>正在保存模型</translation>
  </message>
  <message>
   <source>Seed</source>
   <translation>随机种子</translation>
  </message>
  <message>
   <source>Some photos lie on another drive than the destination, where no hard link can lead: those are copied.</source>
   <translation>有些照片与目标位置不在同一磁盘，无法建立硬链接：这些照片将被复制。</translation>
  </message>
  <message>
   <source>Sort {0} is not undone, so there is nothing to do again.</source>
   <translation>整理 {0} 没有撤销，无需重做。</translation>
  </message>
  <message>
   <source>Sort {0} is undone already.</source>
   <translation>整理 {0} 已撤销。</translation>
  </message>
  <message>
   <source>Stale file handle</source>
   <translation>文件句柄已失效</translation>
  </message>
  <message>
   <source>Standard</source>
   <translation>标准</translation>
  </message>
  <message>
   <source>Status</source>
   <translation>状态</translation>
  </message>
  <message>
   <source>Summary</source>
   <translation>汇总</translation>
  </message>
  <message>
   <source>Sure of</source>
   <translation>确信的比例</translation>
  </message>
  <message>
   <source>TensorFlow is not installed. Install it, or use --engine litert.</source>
   <translation>未安装 TensorFlow。请安装它，或使用 --engine litert。</translation>
  </message>
  <message>
   <source>TensorFlow uses no GPU on this system</source>
   <translation>TensorFlow 在此系统上不使用 GPU</translation>
  </message>
  <message>
   <source>The LiteRT runtime is not installed on this system. Use the TensorFlow engine: --engine tensorflow</source>
   <translation>此系统未安装 LiteRT 运行库。请使用 TensorFlow 引擎：--engine tensorflow</translation>
  </message>
  <message>
   <source>The backup {0} cannot be put in place: {1}.</source>
   <translation>无法恢复备份 {0}：{1}。</translation>
  </message>
  <message>
   <source>The backup {0} is damaged too.</source>
   <translation>备份 {0} 也已损坏。</translation>
  </message>
  <message>
   <source>The card of model {0} does not describe {1}. It cannot be trusted.</source>
   <translation>模型 {0} 的模型卡没有说明 {1}，不可信任。</translation>
  </message>
  <message>
   <source>The card of {0} describes a file that no model has: {1}.</source>
   <translation>{0} 的模型卡说明了模型不应有的文件：{1}。</translation>
  </message>
  <message>
   <source>The card of {0} describes no network.</source>
   <translation>{0} 的模型卡没有说明任何网络。</translation>
  </message>
  <message>
   <source>The card's 'classes' are not complete: {0}</source>
   <translation>模型卡的 'classes' 不完整：{0}</translation>
  </message>
  <message>
   <source>The card's 'classes' must be a list.</source>
   <translation>模型卡的 'classes' 必须是列表。</translation>
  </message>
  <message>
   <source>The catalog holds what no RoomNet has written: {0}.</source>
   <translation>目录中含有并非 RoomNet 写入的内容：{0}。</translation>
  </message>
  <message>
   <source>The catalog {0} cannot be moved: {1}.</source>
   <translation>无法移动目录 {0}：{1}。</translation>
  </message>
  <message>
   <source>The catalog {0} cannot be used: {1}. Check the permissions and the drive of its folder.</source>
   <translation>无法使用目录 {0}：{1}。请检查所在文件夹的权限和磁盘。</translation>
  </message>
  <message>
   <source>The catalog {0} is damaged ({1}).</source>
   <translation>目录 {0} 已损坏（{1}）。</translation>
  </message>
  <message>
   <source>The catalog {0} is gone or empty.</source>
   <translation>目录 {0} 不见了或是空的。</translation>
  </message>
  <message>
   <source>The catalog {0} was made by a later version of RoomNet (schema {1}; this version knows {2}). Nothing was changed. Install the latest version of RoomNet to open it.</source>
   <translation>目录 {0} 由更新版本的 RoomNet 创建（结构版本 {1}；此版本支持 {2}）。没有作任何改动。请安装最新版 RoomNet 再打开。</translation>
  </message>
  <message>
   <source>The catalog's backup could not be written: {0}.</source>
   <translation>无法写入目录的备份：{0}。</translation>
  </message>
  <message>
   <source>The classes {0} differ only in small and capital letters. Rename one, or put their photos together.</source>
   <translation>类别 {0} 只有大小写之别。请重命名其中一个，或把照片合并。</translation>
  </message>
  <message>
   <source>The corrections</source>
   <translation>更正的照片</translation>
  </message>
  <message>
   <source>The destination's file system has no hard links: the photos are copied.</source>
   <translation>目标位置的文件系统不支持硬链接：照片将被复制。</translation>
  </message>
  <message>
   <source>The disk is full, so the training could not be saved in {0}. Free some space, and resume it: nothing that was done is lost.</source>
   <translation>磁盘已满，训练无法保存到 {0}。请腾出空间后继续：已完成的内容没有丢失。</translation>
  </message>
  <message>
   <source>The drive of the catalog {0} fails: {1}.</source>
   <translation>目录 {0} 所在磁盘出错：{1}。</translation>
  </message>
  <message>
   <source>The folder {0} cannot be opened: you have no permission to read it. Change its permissions, or copy its photos elsewhere.</source>
   <translation>无法打开文件夹 {0}：您没有读取权限。请更改其权限，或把照片复制到别处。</translation>
  </message>
  <message>
   <source>The folder {0} cannot be opened: {1}.</source>
   <translation>无法打开文件夹 {0}：{1}。</translation>
  </message>
  <message>
   <source>The folder {0} cannot be read. Check the drive or the network connection, and try again.</source>
   <translation>无法读取文件夹 {0}。请检查磁盘或网络连接，然后重试。</translation>
  </message>
  <message>
   <source>The folder {0} cannot be written: {1}. Check its permissions.</source>
   <translation>无法写入文件夹 {0}：{1}。请检查其权限。</translation>
  </message>
  <message>
   <source>The folder {0} does not exist. Make it or choose another.</source>
   <translation>文件夹 {0} 不存在。请新建它或另选一个。</translation>
  </message>
  <message>
   <source>The folder {0} is no longer there. Put it back, or open the folder again.</source>
   <translation>文件夹 {0} 已不在原处。请把它放回，或重新打开文件夹。</translation>
  </message>
  <message>
   <source>The name template {0} is not complete: {1}. Write {{{{ for a brace.</source>
   <translation>名称模板 {0} 不完整：{1}。花括号请写成 {{{{。</translation>
  </message>
  <message>
   <source>The network of {0} and a new last layer, tuned on the user's photos ({1} of it).</source>
   <translation>在 {0} 的网络上加了新的最后一层，用您的照片调整（采用其中的 {1}）。</translation>
  </message>
  <message>
   <source>The network of {0} gives no numbers.</source>
   <translation>{0} 的网络没有给出数值。</translation>
  </message>
  <message>
   <source>The network to start from: that of the model in use, or one of the shipped ones.</source>
   <translation>从哪个网络开始：当前模型的网络，或随 RoomNet 提供的网络之一。</translation>
  </message>
  <message>
   <source>The photos go to another drive: each is copied and compared, and only then removed here. That takes longer.</source>
   <translation>照片要移到另一磁盘：每张都先复制并核对，之后才从这里移除。这会多花一些时间。</translation>
  </message>
  <message>
   <source>The quick recipe needs a network to start from.</source>
   <translation>“快速”方式需要一个起始网络。</translation>
  </message>
  <message>
   <source>The record of sorts {0} cannot be used: {1}. Nothing was changed without it.</source>
   <translation>无法使用整理记录 {0}：{1}。没有记录就不会作任何改动。</translation>
  </message>
  <message>
   <source>The record of sorts {0} is damaged ({1}). No photo is affected. Rename that file and start again: sorting works then, but the sorts it lists cannot be undone by RoomNet.</source>
   <translation>整理记录 {0} 已损坏（{1}）。照片不受影响。请重命名该文件后重新启动：之后可以整理，但其中记录的整理无法由 RoomNet 撤销。</translation>
  </message>
  <message>
   <source>The record of sorts {0} was written by a newer RoomNet. Start that one, or update this one.</source>
   <translation>整理记录 {0} 由更新版本的 RoomNet 写入。请启动那个版本，或更新此版本。</translation>
  </message>
  <message>
   <source>The share of the network that is switched off at random while it learns, against learning by heart.</source>
   <translation>学习时随机关闭的网络比例，用来防止死记。</translation>
  </message>
  <message>
   <source>The share of the photos that is not trained on, but kept to check the model with.</source>
   <translation>不用于训练、留作验证模型的照片比例。</translation>
  </message>
  <message>
   <source>The training could not be started: {0}.</source>
   <translation>无法开始训练：{0}。</translation>
  </message>
  <message>
   <source>The training ended without a word (status {0}). It can be resumed.{1}</source>
   <translation>训练意外结束（状态 {0}）。可以继续。{1}</translation>
  </message>
  <message>
   <source>There are no corrections yet. Review some photos first, or choose a folder.</source>
   <translation>还没有更正过照片。请先审阅一些照片，或选择一个文件夹。</translation>
  </message>
  <message>
   <source>There are only {0} with corrections. Review {1} or more first.</source>
   <translation>只有 {0}有更正。请先审阅 {1} 张以上。</translation>
  </message>
  <message>
   <source>There is a GPU, but TensorFlow cannot use it (CUDA libraries missing?), so the CPU is used.</source>
   <translation>有 GPU，但 TensorFlow 无法使用它（缺少 CUDA 库？），因此使用 CPU。</translation>
  </message>
  <message>
   <source>There is a model at {0} already. Choose another name.</source>
   <translation>{0} 处已有模型。请另选名称。</translation>
  </message>
  <message>
   <source>There is a model called “{0}” already. Choose another name.</source>
   <translation>已有名为“{0}”的模型。请另选名称。</translation>
  </message>
  <message>
   <source>There is no backup of the catalog {0}.</source>
   <translation>目录 {0} 没有备份。</translation>
  </message>
  <message>
   <source>There is no backup. `roomnet doctor --new-catalog` moves it aside and starts a new one.</source>
   <translation>没有备份。`roomnet doctor --new-catalog` 会把它移到一旁并新建一个。</translation>
  </message>
  <message>
   <source>There is no engine {0}. Choose one of {1}.</source>
   <translation>没有引擎 {0}。请从 {1} 中选择。</translation>
  </message>
  <message>
   <source>There is no file or folder {0}.</source>
   <translation>没有文件或文件夹 {0}。</translation>
  </message>
  <message>
   <source>There is no file {0}.</source>
   <translation>没有文件 {0}。</translation>
  </message>
  <message>
   <source>There is no model {0}. Known models: {1}. Or give a folder with graph.pb and card.json.</source>
   <translation>没有模型 {0}。已有的模型：{1}。也可以指定含有 graph.pb 和 card.json 的文件夹。</translation>
  </message>
  <message>
   <source>There is no option “{0}”.</source>
   <translation>没有选项“{0}”。</translation>
  </message>
  <message>
   <source>There is no recipe “{0}”. Choose one of: {1}.</source>
   <translation>没有训练方式“{0}”。请从中选择：{1}。</translation>
  </message>
  <message>
   <source>There is no report to be read in {0} ({1}).</source>
   <translation>{0} 中没有可读取的报告（{1}）。</translation>
  </message>
  <message>
   <source>There is no room {0}. The rooms are {1}.</source>
   <translation>没有房间 {0}。可用的房间有：{1}。</translation>
  </message>
  <message>
   <source>There is no sort number {0}. `roomnet undo --list` lists them.</source>
   <translation>没有编号为 {0} 的整理。`roomnet undo --list` 可列出它们。</translation>
  </message>
  <message>
   <source>There is no space left for the catalog {0}. Free some space on that drive.</source>
   <translation>目录 {0} 所在磁盘空间不足。请腾出一些空间。</translation>
  </message>
  <message>
   <source>There is not enough memory. Close other programs, or choose a smaller batch.</source>
   <translation>内存不足。请关闭其他程序，或选择较小的批。</translation>
  </message>
  <message>
   <source>There is nothing to finish in sort {0}.</source>
   <translation>整理 {0} 没有待完成的内容。</translation>
  </message>
  <message>
   <source>There must be photos for training and for validation, and they must be readable.</source>
   <translation>训练和验证都需要照片，且必须能读取。</translation>
  </message>
  <message>
   <source>They are labelled differently: {0}.</source>
   <translation>它们的类别不同：{0}。</translation>
  </message>
  <message>
   <source>This installation of RoomNet lacks what the recipe needs ({0}). The quick recipe needs the least; the full version of RoomNet has everything.</source>
   <translation>此 RoomNet 安装缺少该训练方式所需的组件（{0}）。“快速”方式需要的最少；完整版 RoomNet 包含全部组件。</translation>
  </message>
  <message>
   <source>This network cannot be trained further. Choose a shipped one under Network.</source>
   <translation>这个网络无法继续训练。请在“网络”中选择随 RoomNet 提供的网络。</translation>
  </message>
  <message>
   <source>This training is running already in another window or command of RoomNet.</source>
   <translation>这个训练正在另一个 RoomNet 窗口或命令中进行。</translation>
  </message>
  <message>
   <source>Thumbnail</source>
   <translation>缩略图</translation>
  </message>
  <message>
   <source>Thumbnails are not kept: {0} cannot be used ({1}).</source>
   <translation>缩略图没有保存：无法使用 {0}（{1}）。</translation>
  </message>
  <message>
   <source>Too few photos to learn from: {0}. Give every class at least {1}, better {2}.</source>
   <translation>照片太少，无法训练：{0}。每个类别至少需要 {1} 张，最好 {2} 张。</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>训练</translation>
  </message>
  <message>
   <source>Training failed ({0}: {1}). It can be resumed.</source>
   <translation>训练失败（{0}：{1}）。可以继续。</translation>
  </message>
  <message>
   <source>Training needs the LiteRT runtime, which is not installed on this system.</source>
   <translation>训练需要 LiteRT 运行库，而此系统没有安装。</translation>
  </message>
  <message>
   <source>Trains a whole network that knows houses already, on your photos. Minutes to half an hour for 1,000 photos.</source>
   <translation>用您的照片训练已熟悉房屋的整个网络。1,000 张照片需要几分钟到半小时。</translation>
  </message>
  <message>
   <source>Trains the last layer of a network that knows houses already. About a minute for 1,000 photos.</source>
   <translation>在已熟悉房屋的网络上训练最后一层。1,000 张照片大约一分钟。</translation>
  </message>
  <message>
   <source>Trains the original RoomNet from random weights, as its author did. It needs thousands of photos, and hours.</source>
   <translation>像原作者那样，从随机权重训练最初的 RoomNet。需要数千张照片和数小时。</translation>
  </message>
  <message>
   <source>Transport endpoint is not connected</source>
   <translation>网络连接已断开</translation>
  </message>
  <message>
   <source>Unsure</source>
   <translation>不确定</translation>
  </message>
  <message>
   <source>Which variants of each photo are shown: none, its mirror image, or also other crops, colours and sharpness.</source>
   <translation>学习时使用照片的哪些变化：无、镜像，或再加上不同的裁剪、颜色和清晰度。</translation>
  </message>
  <message>
   <source>With so few photos that may be chance.</source>
   <translation>照片这么少，这可能只是偶然。</translation>
  </message>
  <message>
   <source>Yes</source>
   <translation>是</translation>
  </message>
  <message>
   <source>You</source>
   <translation>您</translation>
  </message>
  <message>
   <source>a GPU is there</source>
   <translation>有 GPU</translation>
  </message>
  <message>
   <source>a number</source>
   <translation>数字</translation>
  </message>
  <message>
   <source>a whole number</source>
   <translation>整数</translation>
  </message>
  <message>
   <source>better</source>
   <translation>更好</translation>
  </message>
  <message>
   <source>camera raw</source>
   <translation>相机 RAW</translation>
  </message>
  <message>
   <source>data of another program follows the picture, and may depend on its place</source>
   <translation>图像后面有其他程序的数据，可能依赖其位置</translation>
  </message>
  <message>
   <source>in use</source>
   <translation>使用中</translation>
  </message>
  <message>
   <source>it cannot be read: {0}</source>
   <translation>无法读取：{0}</translation>
  </message>
  <message>
   <source>it carries Content Credentials, which any change would make invalid</source>
   <translation>它带有内容凭证，任何修改都会使其失效</translation>
  </message>
  <message>
   <source>it changed since it was looked at</source>
   <translation>它在检查之后有改动</translation>
  </message>
  <message>
   <source>it could not be brought back: {0}</source>
   <translation>无法恢复原位：{0}</translation>
  </message>
  <message>
   <source>it goes with {0}</source>
   <translation>随 {0} 一起</translation>
  </message>
  <message>
   <source>it holds several XMP packets, and which one counts is not certain</source>
   <translation>它含有多个 XMP 数据包，无法确定以哪个为准</translation>
  </message>
  <message>
   <source>it is a link to another file</source>
   <translation>它是指向其他文件的链接</translation>
  </message>
  <message>
   <source>it is a link to another file, of which only a copy can be made</source>
   <translation>它是指向其他文件的链接，只能复制</translation>
  </message>
  <message>
   <source>it is a {0}, and keywords can be written into JPEG files only</source>
   <translation>它是{0}，而关键字只能写入 JPEG 文件</translation>
  </message>
  <message>
   <source>it is another file by now than the original</source>
   <translation>它与原件已不是同一个文件</translation>
  </message>
  <message>
   <source>it is in its folder already</source>
   <translation>已在所属文件夹中</translation>
  </message>
  <message>
   <source>it is no file any more</source>
   <translation>它已不是文件</translation>
  </message>
  <message>
   <source>it is not a JPEG file</source>
   <translation>不是 JPEG 文件</translation>
  </message>
  <message>
   <source>it is not there any more</source>
   <translation>它已不在</translation>
  </message>
  <message>
   <source>it is rejected</source>
   <translation>已排除</translation>
  </message>
  <message>
   <source>it was asked for</source>
   <translation>按指定选用</translation>
  </message>
  <message>
   <source>it was changed since</source>
   <translation>它之后有改动</translation>
  </message>
  <message>
   <source>it was changed since it was made</source>
   <translation>它生成之后有改动</translation>
  </message>
  <message>
   <source>it was changed while it was moved: the new version stays where it was</source>
   <translation>它在移动过程中被改动：新版本留在原处</translation>
  </message>
  <message>
   <source>it was not classified</source>
   <translation>未识别</translation>
  </message>
  <message>
   <source>its XMP metadata cannot be changed with certainty</source>
   <translation>无法可靠地修改它的 XMP 元数据</translation>
  </message>
  <message>
   <source>its XMP metadata declares a document type, which is not safe to read</source>
   <translation>它的 XMP 元数据声明了文档类型，读取不安全</translation>
  </message>
  <message>
   <source>its XMP metadata holds no RDF block, or several</source>
   <translation>它的 XMP 元数据没有 RDF 块，或有多个</translation>
  </message>
  <message>
   <source>its XMP metadata is damaged ({0})</source>
   <translation>它的 XMP 元数据已损坏（{0}）</translation>
  </message>
  <message>
   <source>its XMP metadata is nested too deeply</source>
   <translation>它的 XMP 元数据嵌套过深</translation>
  </message>
  <message>
   <source>its XMP metadata is not in UTF-8</source>
   <translation>它的 XMP 元数据不是 UTF-8 编码</translation>
  </message>
  <message>
   <source>its XMP metadata writes {0} in an unusual way</source>
   <translation>它的 XMP 元数据以不常见的方式写入 {0}</translation>
  </message>
  <message>
   <source>its copy could not be written: {0}</source>
   <translation>无法写入副本：{0}</translation>
  </message>
  <message>
   <source>its copy is in {0} already</source>
   <translation>副本已在 {0} 中</translation>
  </message>
  <message>
   <source>its index and its rows contradict each other</source>
   <translation>索引与记录不一致</translation>
  </message>
  <message>
   <source>its index of further pictures cannot hold the new sizes</source>
   <translation>附加图像的索引容不下新的大小</translation>
  </message>
  <message>
   <source>its index of further pictures is damaged</source>
   <translation>附加图像的索引已损坏</translation>
  </message>
  <message>
   <source>its keywords are in an extended XMP block, which is not changed</source>
   <translation>它的关键字在扩展 XMP 块中，不作修改</translation>
  </message>
  <message>
   <source>its pages contradict each other</source>
   <translation>数据页互相矛盾</translation>
  </message>
  <message>
   <source>its structure is damaged or incomplete (at byte {0})</source>
   <translation>文件结构已损坏或不完整（第 {0} 字节处）</translation>
  </message>
  <message>
   <source>its {0} x {1} pixels are more than a JPEG file can hold</source>
   <translation>{0} x {1} 像素超出了 JPEG 文件的上限</translation>
  </message>
  <message>
   <source>nearly the same picture</source>
   <translation>几乎相同的图像</translation>
  </message>
  <message>
   <source>no GPU found</source>
   <translation>未找到 GPU</translation>
  </message>
  <message>
   <source>no LiteRT file</source>
   <translation>没有 LiteRT 文件</translation>
  </message>
  <message>
   <source>no reason given</source>
   <translation>未说明原因</translation>
  </message>
  <message>
   <source>none is installed</source>
   <translation>没有安装任何模型</translation>
  </message>
  <message>
   <source>on the {0} photos of classes that both know</source>
   <translation>（在双方都认识的类别的 {0} 张照片上）</translation>
  </message>
  <message>
   <source>out of memory</source>
   <translation>内存不足</translation>
  </message>
  <message>
   <source>photo of another kind</source>
   <translation>其他格式的照片</translation>
  </message>
  <message>
   <source>reading raw files needs rawpy: pip install "roomnet[raw]" ({0})</source>
   <translation>读取 RAW 文件需要 rawpy：pip install "roomnet[raw]"（{0}）</translation>
  </message>
  <message>
   <source>the conversion from LAB gave no picture</source>
   <translation>从 LAB 转换未得到图像</translation>
  </message>
  <message>
   <source>the copy is not equal to the original; check the disk</source>
   <translation>副本与原件不一致；请检查磁盘</translation>
  </message>
  <message>
   <source>the day on which the photo was taken, else the file's last change, as 2024-05-31</source>
   <translation>拍摄日期；如没有则为文件的修改日期，形如 2024-05-31</translation>
  </message>
  <message>
   <source>the file's beginning is lost</source>
   <translation>文件开头已丢失</translation>
  </message>
  <message>
   <source>the model has no {0}</source>
   <translation>模型没有 {0}</translation>
  </message>
  <message>
   <source>the model is unsure of its room, and nobody has looked</source>
   <translation>模型不确定它的房间，也还没有人看过</translation>
  </message>
  <message>
   <source>the name of the folder in which the photo lies now</source>
   <translation>照片现在所在文件夹的名称</translation>
  </message>
  <message>
   <source>the name of the folder that was opened</source>
   <translation>所打开文件夹的名称</translation>
  </message>
  <message>
   <source>the name that the file has now, without its suffix</source>
   <translation>文件现在的名称，不含扩展名</translation>
  </message>
  <message>
   <source>the original is gone, and this is its last name</source>
   <translation>原件已不在，这是它的最后一个名称</translation>
  </message>
  <message>
   <source>the photo's number in its room, from 1, the cover photo first</source>
   <translation>照片在所属房间中的序号，从 1 开始，封面在前</translation>
  </message>
  <message>
   <source>the photo's number in the whole sort, from 1, rooms in listing order</source>
   <translation>照片在整次整理中的序号，从 1 开始，按房间的展示顺序</translation>
  </message>
  <message>
   <source>the room is not sure</source>
   <translation>房间不确定</translation>
  </message>
  <message>
   <source>the room's folder name; the room's own name where that is empty; Unsure or Rejected for those</source>
   <translation>房间的文件夹名；如为空则用房间名；不确定或已排除的照片用相应名称</translation>
  </message>
  <message>
   <source>the same photo</source>
   <translation>同一张照片</translation>
  </message>
  <message>
   <source>the same photos</source>
   <translation>相同的照片</translation>
  </message>
  <message>
   <source>the trash did not take it ({0})</source>
   <translation>无法移到回收站（{0}）</translation>
  </message>
  <message>
   <source>the {0} photos of classes that both know</source>
   <translation>双方都认识的类别的 {0} 张照片</translation>
  </message>
  <message>
   <source>there is a GPU</source>
   <translation>有 GPU</translation>
  </message>
  <message>
   <source>there is no room left in its metadata ({0} bytes)</source>
   <translation>元数据空间不足（{0} 字节）</translation>
  </message>
  <message>
   <source>there is not enough memory for it</source>
   <translation>内存不足</translation>
  </message>
  <message>
   <source>this installation is without the TensorFlow that the GPU would need</source>
   <translation>此安装不含使用 GPU 所需的 TensorFlow</translation>
  </message>
  <message>
   <source>unknown ({0})</source>
   <translation>未知（{0}）</translation>
  </message>
  <message>
   <source>what the record of sorts holds does not fit it</source>
   <translation>整理记录与它不符</translation>
  </message>
  <message>
   <source>what was written is not what was meant; check the disk</source>
   <translation>写入的内容与预期不符；请检查磁盘</translation>
  </message>
  <message>
   <source>worse</source>
   <translation>更差</translation>
  </message>
  <message>
   <source>{0} Nothing was changed. {1}</source>
   <translation>{0}没有作任何改动。{1}</translation>
  </message>
  <message>
   <source>{0} beside the class folders are not used: they have no class.</source>
   <translation>类别文件夹之外的 {0}不会使用：它们没有类别。</translation>
  </message>
  <message>
   <source>{0} bytes</source>
   <translation>{0} 字节</translation>
  </message>
  <message>
   <source>{0} cannot be opened: it is locked or belongs to someone else. Close it in other programs, or change its permissions, and try again.</source>
   <translation>无法打开 {0}：它被锁定或属于其他人。请在其他程序中关闭它，或更改其权限，然后重试。</translation>
  </message>
  <message>
   <source>{0} cannot be opened: {1}. Choose another folder.</source>
   <translation>无法打开 {0}：{1}。请另选文件夹。</translation>
  </message>
  <message>
   <source>{0} cannot be opened: {1}. Nothing was touched.</source>
   <translation>无法打开 {0}：{1}。没有作任何改动。</translation>
  </message>
  <message>
   <source>{0} cannot be read ({1}). Start the training again.</source>
   <translation>无法读取 {0}（{1}）。请重新开始训练。</translation>
  </message>
  <message>
   <source>{0} cannot be read. Check the drive or the network connection, and try again.</source>
   <translation>无法读取 {0}。请检查磁盘或网络连接，然后重试。</translation>
  </message>
  <message>
   <source>{0} cannot be read: {1}.</source>
   <translation>无法读取 {0}：{1}。</translation>
  </message>
  <message>
   <source>{0} cannot be read: {1}. Install the model again.</source>
   <translation>无法读取 {0}：{1}。请重新安装模型。</translation>
  </message>
  <message>
   <source>{0} cannot be run: {1}</source>
   <translation>无法运行 {0}：{1}</translation>
  </message>
  <message>
   <source>{0} cannot be used: {1}. Choose another folder.</source>
   <translation>无法使用 {0}：{1}。请另选文件夹。</translation>
  </message>
  <message>
   <source>{0} cannot be written to: {1}. Choose another destination.</source>
   <translation>无法写入 {0}：{1}。请另选目标位置。</translation>
  </message>
  <message>
   <source>{0} cannot be written: {1}. Choose another place.</source>
   <translation>无法写入 {0}：{1}。请另选位置。</translation>
  </message>
  <message>
   <source>{0} cannot be written: {1}. Free some space.</source>
   <translation>无法写入 {0}：{1}。请腾出一些空间。</translation>
  </message>
  <message>
   <source>{0} cannot be written: {1}. If it is open in another program, close it there; else choose another place.</source>
   <translation>无法写入 {0}：{1}。如果它正在其他程序中打开，请先关闭；否则请另选位置。</translation>
  </message>
  <message>
   <source>{0} changes could not be kept for the next time. {1}</source>
   <translation>{0} 项更改未能保存。{1}</translation>
  </message>
  <message>
   <source>{0} could not be put into the trash: {1}. It is still there.</source>
   <translation>无法把 {0} 移到回收站：{1}。它仍在原处。</translation>
  </message>
  <message>
   <source>{0} defines functions of its own, which a frozen graph does not need.</source>
   <translation>{0} 定义了自己的函数，而冻结图并不需要。</translation>
  </message>
  <message>
   <source>{0} defines functions of its own, which a frozen graph does not need. It was not loaded.</source>
   <translation>{0} 定义了自己的函数，而冻结图并不需要。没有加载。</translation>
  </message>
  <message>
   <source>{0} does not apply to {1}.</source>
   <translation>{0}不适用于{1}。</translation>
  </message>
  <message>
   <source>{0} does not end in {1}. Give the file that ending, so that programs can open it.</source>
   <translation>{0} 的扩展名不是 {1}。请使用该扩展名，以便其他程序打开。</translation>
  </message>
  <message>
   <source>{0} does not match its card: the card says input and output {1}, the network has {2}.</source>
   <translation>{0} 与其模型卡不符：模型卡写明输入和输出为 {1}，而网络为 {2}。</translation>
  </message>
  <message>
   <source>{0} does not match its card: the card says {1} outputs, the graph has {2}.</source>
   <translation>{0} 与其模型卡不符：模型卡写明 {1} 个输出，而网络有 {2} 个。</translation>
  </message>
  <message>
   <source>{0} failed ({1}), so the CPU is used.</source>
   <translation>{0} 出错（{1}），因此使用 CPU。</translation>
  </message>
  <message>
   <source>{0} files could not be linked and were copied instead.</source>
   <translation>{0} 个文件无法建立链接，已改为复制。</translation>
  </message>
  <message>
   <source>{0} files hold {1}; they are kept on one side of the split.</source>
   <translation>{0} 个文件是{1}；它们会划分在同一侧。</translation>
  </message>
  <message>
   <source>{0} has only {1}; {2} or more teach a class much better.</source>
   <translation>{0} 只有 {1}；有 {2} 张以上效果会好得多。</translation>
  </message>
  <message>
   <source>{0} has {1} MB free, but {2} MB are needed. Free some space or choose another destination.</source>
   <translation>{0} 只有 {1} MB 可用空间，而需要 {2} MB。请腾出空间或另选目标位置。</translation>
  </message>
  <message>
   <source>{0} has {1} classes; at most {2} can be trained.</source>
   <translation>{0} 有 {1} 个类别；最多可训练 {2} 个。</translation>
  </message>
  <message>
   <source>{0} holds no folders with photos. Put the photos into one subfolder for each class, named after it.</source>
   <translation>{0} 中没有含照片的文件夹。请把照片放入以各类别命名的子文件夹。</translation>
  </message>
  <message>
   <source>{0} holds no operation: it is not a frozen graph.</source>
   <translation>{0} 不含任何运算：不是冻结图。</translation>
  </message>
  <message>
   <source>{0} holds one name twice. It was not imported.</source>
   <translation>{0} 中有重复的名称。没有导入。</translation>
  </message>
  <message>
   <source>{0} holds photos of one class only: {1}. Training needs at least two classes.</source>
   <translation>{0} 只有一个类别的照片：{1}。训练至少需要两个类别。</translation>
  </message>
  <message>
   <source>{0} holds the operation {1} (node {2}), which a room classifier does not need and which could harm. It was not loaded.</source>
   <translation>{0} 含有运算 {1}（节点 {2}），房间识别并不需要它，且可能有害。没有加载。</translation>
  </message>
  <message>
   <source>{0} holds the operation {1}, which a room classifier does not need and which could harm. It was not imported.</source>
   <translation>{0} 含有运算 {1}，房间识别并不需要它，且可能有害。没有导入。</translation>
  </message>
  <message>
   <source>{0} holds {1} files, a model has three. It was not imported.</source>
   <translation>{0} 含有 {1} 个文件，而模型只有三个。没有导入。</translation>
  </message>
  <message>
   <source>{0} is a camera raw file, and there is no JPEG beside it. Export it as JPEG or TIFF and open that, or install RoomNet with what reads raw files: pip install 'roomnet[raw]'</source>
   <translation>{0} 是相机 RAW 文件，旁边没有 JPEG。请将它导出为 JPEG 或 TIFF 再打开，或安装可读取 RAW 的 RoomNet：pip install 'roomnet[raw]'</translation>
  </message>
  <message>
   <source>{0} is damaged or incomplete. Copy it again from the camera or the card, or open it in a photo program and save it anew.</source>
   <translation>{0} 已损坏或不完整。请从相机或存储卡重新复制，或用图片软件打开后重新保存。</translation>
  </message>
  <message>
   <source>{0} is empty (0 bytes). Copy it again from the camera or the card.</source>
   <translation>{0} 是空文件（0 字节）。请从相机或存储卡重新复制。</translation>
  </message>
  <message>
   <source>{0} is labelled {1}, and looks like {2}.</source>
   <translation>{0} 标为 {1}，但看起来像 {2}。</translation>
  </message>
  <message>
   <source>{0} is larger than any model of ours ({1} bytes). It was not loaded.</source>
   <translation>{0} 比任何 RoomNet 模型都大（{1} 字节），没有加载。</translation>
  </message>
  <message>
   <source>{0} is larger than any model. It was not opened.</source>
   <translation>{0} 比任何模型都大，没有打开。</translation>
  </message>
  <message>
   <source>{0} is named like a photo, but its content is something else. Open it in the program it came from.</source>
   <translation>{0} 的名称像照片，但内容不是照片。请用生成它的程序打开。</translation>
  </message>
  <message>
   <source>{0} is no longer there. Put it back, or open the folder again.</source>
   <translation>{0} 已不在原处。请把它放回，或重新打开文件夹。</translation>
  </message>
  <message>
   <source>{0} is not a LiteRT network: it is damaged or cut short.</source>
   <translation>{0} 不是 LiteRT 网络：已损坏或不完整。</translation>
  </message>
  <message>
   <source>{0} is not a LiteRT network: {1}</source>
   <translation>{0} 不是 LiteRT 网络：{1}</translation>
  </message>
  <message>
   <source>{0} is not a RoomNet catalog.</source>
   <translation>{0} 不是 RoomNet 目录。</translation>
  </message>
  <message>
   <source>{0} is not a folder. Choose another destination.</source>
   <translation>{0} 不是文件夹。请另选目标位置。</translation>
  </message>
  <message>
   <source>{0} is not a folder. Choose another one.</source>
   <translation>{0} 不是文件夹。请另选一个。</translation>
  </message>
  <message>
   <source>{0} is not a frozen graph: it is damaged or cut short.</source>
   <translation>{0} 不是冻结图：已损坏或不完整。</translation>
  </message>
  <message>
   <source>{0} is not a graph from `image` to `logits`: {1}</source>
   <translation>{0} 不是从 `image` 到 `logits` 的网络：{1}</translation>
  </message>
  <message>
   <source>{0} is not a model of RoomNet, or it is damaged ({1}).</source>
   <translation>{0} 不是 RoomNet 模型，或已损坏（{1}）。</translation>
  </message>
  <message>
   <source>{0} is not a model of RoomNet: it lacks {1} or the network.</source>
   <translation>{0} 不是 RoomNet 模型：缺少 {1} 或网络。</translation>
  </message>
  <message>
   <source>{0} is not a photo that RoomNet can read. Save it as JPEG, PNG, TIFF or HEIC.</source>
   <translation>{0} 不是 RoomNet 能读取的照片。请将它另存为 JPEG、PNG、TIFF 或 HEIC。</translation>
  </message>
  <message>
   <source>{0} is not a regular file. Choose a photo or a folder of photos.</source>
   <translation>{0} 不是普通文件。请选择照片或照片文件夹。</translation>
  </message>
  <message>
   <source>{0} is not the file that its card describes: {1} bytes instead of {2}, or changed content. It was not loaded; install the model again.</source>
   <translation>{0} 不是模型卡所述的文件：大小为 {1} 字节而非 {2} 字节，或内容已改动。没有加载；请重新安装模型。</translation>
  </message>
  <message>
   <source>{0} is right on {1} of the {2} photos it was checked with.</source>
   <translation>{0} 在用于验证的 {2} 张照片上的正确率为 {1}。</translation>
  </message>
  <message>
   <source>{0} is there already and is not a file. Choose another name.</source>
   <translation>{0} 已存在，且不是文件。请另选名称。</translation>
  </message>
  <message>
   <source>{0} is there already and was not written by such an export. Choose another name.</source>
   <translation>{0} 已存在，且不是由这种导出生成的。请另选名称。</translation>
  </message>
  <message>
   <source>{0} is too large to be opened safely (the limit is {1} megapixels). Save a smaller version of it.</source>
   <translation>{0} 过大，无法安全打开（上限为 {1} 百万像素）。请另存为较小的版本。</translation>
  </message>
  <message>
   <source>{0} may not be written to. Choose another folder.</source>
   <translation>{0} 不允许写入。请另选文件夹。</translation>
  </message>
  <message>
   <source>{0} must be one of: {1}.</source>
   <translation>{0}必须是其中之一：{1}。</translation>
  </message>
  <message>
   <source>{0} must be {1} from {2} to {3}. Received: {4}</source>
   <translation>{0}必须是 {2} 到 {3} 之间的{1}。收到：{4}</translation>
  </message>
  <message>
   <source>{0} of the new paths are longer than {1} characters. Some programs on Windows cannot open them; a destination with a shorter path helps.</source>
   <translation>有 {0} 个新路径超过 {1} 个字符。Windows 上的某些程序无法打开它们；请选择路径较短的目标位置。</translation>
  </message>
  <message>
   <source>{0} photo{1}</source>
   <translation>{0} 张照片</translation>
  </message>
  <message>
   <source>{0} scans over {1} pixels</source>
   <translation>{1} 像素上的 {0} 次扫描</translation>
  </message>
  <message>
   <source>{0} ships with RoomNet and stays as it is.</source>
   <translation>{0} 随 RoomNet 提供，不能更改。</translation>
  </message>
  <message>
   <source>{0} wants to write outside its folder ({1}). It was not imported.</source>
   <translation>{0} 试图写到自己的文件夹之外（{1}），没有导入。</translation>
  </message>
  <message>
   <source>{0} was changed: its hash is not the card's. It was not loaded; install the model again.</source>
   <translation>{0} 已被改动：其哈希值与模型卡不符。没有加载；请重新安装模型。</translation>
  </message>
  <message>
   <source>{0} was made by another version of RoomNet. Start the training again.</source>
   <translation>{0} 由其他版本的 RoomNet 生成。请重新开始训练。</translation>
  </message>
  <message>
   <source>{0} x {1} pixels</source>
   <translation>{0} x {1} 像素</translation>
  </message>
  <message>
   <source>{0} x {1} pixels in {2}</source>
   <translation>{2} 格式，{0} x {1} 像素</translation>
  </message>
  <message>
   <source>{0}: a DNG file keeps its keywords inside, and only JPEG files are changed</source>
   <translation>{0}：DNG 文件的关键字存在文件内部，而只有 JPEG 文件会被修改</translation>
  </message>
  <message>
   <source>{0}: {1} is larger than that of any model. It was not imported.</source>
   <translation>{0}：{1} 比任何模型的都大，没有导入。</translation>
  </message>
  <message>
   <source>{0}: {1} would be larger than that of any model. It was not imported.</source>
   <translation>{0}：{1} 比任何模型的都大，没有导入。</translation>
  </message>
  <message>
   <source>{0}: {1}. Choose another destination.</source>
   <translation>{0}：{1}。请另选目标位置。</translation>
  </message>
  <message>
   <source>{0}: {1}. The training can be resumed.</source>
   <translation>{0}：{1}。训练可以继续。</translation>
  </message>
  <message>
   <source>{{{0}!{1}}}: write {{{2}}}. The name template was {3}</source>
   <translation>{{{0}!{1}}}：请写成 {{{2}}}。模板为 {3}</translation>
  </message>
  <message>
   <source>{{{0}:{1}}}: only numbers have a width; write {{{2}}}. The name template was {3}</source>
   <translation>{{{0}:{1}}}：只有数字可以指定宽度；请写成 {{{2}}}。模板为 {3}</translation>
  </message>
  <message>
   <source>{{{0}:{1}}}: the width is one digit, as in {{{2}:02}}. The name template was {3}</source>
   <translation>{{{0}:{1}}}：宽度为一位数字，如 {{{2}:02}}。模板为 {3}</translation>
  </message>
  <message>
   <source>{{{0}}} is no field of a name template. There are {1}. The name template was {2}</source>
   <translation>名称模板没有字段 {{{0}}}。可用的有 {1}。模板为 {2}</translation>
  </message>
  <message>
   <source>“{0}” is a model that ships with RoomNet. Choose another name.</source>
   <translation>“{0}”是随 RoomNet 提供的模型。请另选名称。</translation>
  </message>
 </context>
 <context>
  <name>CoreTexts</name>
  <message>
   <source>{sentence} ({detail})</source>
   <translation>{sentence}（{detail}）</translation>
  </message>
  <message>
   <source>{what}: {why}</source>
   <translation>{what}：{why}</translation>
  </message>
 </context>
 <context>
  <name>DataPage</name>
  <message>
   <source>Choo&amp;se a folder…</source>
   <translation>选择文件夹(&amp;S)…</translation>
  </message>
  <message>
   <source>A folder with one subfolder of photos for each class</source>
   <translation>每个类别各有一个照片子文件夹的文件夹</translation>
  </message>
  <message>
   <source>Do not use this folder</source>
   <translation>不使用此文件夹</translation>
  </message>
  <message>
   <source>My &amp;corrections so far</source>
   <translation>我已做的更正(&amp;C)</translation>
  </message>
  <message>
   <source>Learn from the photos whose rooms you corrected or confirmed while reviewing</source>
   <translation>用您在审阅时更正或确认过房间的照片训练</translation>
  </message>
  <message>
   <source>Progress of the examination</source>
   <translation>检查进度</translation>
  </message>
  <message>
   <source>Cance&amp;l</source>
   <translation>取消(&amp;L)</translation>
  </message>
  <message>
   <source>&amp;Next: how to train</source>
   <translation>下一步：训练方式(&amp;N)</translation>
  </message>
  <message>
   <source>Looking at the photos…</source>
   <translation>正在检查照片…</translation>
  </message>
  <message>
   <source>A folder of labelled photos</source>
   <translation>已分类照片的文件夹</translation>
  </message>
  <message>
   <source>Take up what you said before</source>
   <translation>沿用您以前的标记</translation>
  </message>
  <message>
   <source>Looking at the photos: {done} of {total}</source>
   <translation>正在检查照片：{done} / {total}</translation>
  </message>
  <message numerus="yes">
   <source>{photos} of %Ln class(es)</source>
   <translation>
    <numerusform>{photos}，%Ln 个类别</numerusform>
   </translation>
  </message>
  <message>
   <source>{count} relabelled</source>
   <translation>{count} 张改了类别</translation>
  </message>
  <message>
   <source>{count} left out</source>
   <translation>{count} 张不用于训练</translation>
  </message>
 </context>
 <context>
  <name>EarlierSorts</name>
  <message>
   <source>Earlier sorts</source>
   <translation>整理历史</translation>
  </message>
  <message>
   <source>Earlier sorts, the latest first</source>
   <translation>整理历史，最近的在前</translation>
  </message>
  <message>
   <source>Nothing has been sorted yet.
Every sort will be listed here and can be undone here.</source>
   <translation>还没有整理过照片。
每次整理都会列在这里，并可在这里撤销。</translation>
  </message>
  <message>
   <source>A sort can be undone as long as its files are there and unchanged.</source>
   <translation>只要文件还在且没有改动，整理就可以撤销。</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>撤销(&amp;U)</translation>
  </message>
  <message>
   <source>&amp;Redo</source>
   <translation>重做(&amp;R)</translation>
  </message>
  <message>
   <source>&amp;Finish</source>
   <translation>完成(&amp;F)</translation>
  </message>
  <message>
   <source>&amp;Open folder</source>
   <translation>打开文件夹(&amp;O)</translation>
  </message>
 </context>
 <context>
  <name>EmptyState</name>
  <message>
   <source>Drop a folder of house photos here</source>
   <translation>把房屋照片文件夹拖到这里</translation>
  </message>
  <message>
   <source>or several photos. Every photo gets its room, and you have the last word.</source>
   <translation>也可以拖入几张照片。每张照片都会识别出房间，最终由您决定。</translation>
  </message>
  <message>
   <source>&amp;Open folder…</source>
   <translation>打开文件夹(&amp;O)…</translation>
  </message>
  <message>
   <source>&amp;Add photos…</source>
   <translation>添加照片(&amp;A)…</translation>
  </message>
  <message>
   <source>Try with &amp;samples</source>
   <translation>试用示例照片(&amp;S)</translation>
  </message>
  <message>
   <source>JPEG, HEIC, PNG, WebP, TIFF, AVIF, BMP, GIF; subfolders too</source>
   <translation>JPEG、HEIC、PNG、WebP、TIFF、AVIF、BMP、GIF；包括子文件夹</translation>
  </message>
  <message>
   <source>The photos stay on this computer, and nothing is changed unless you ask for it.</source>
   <translation>照片只留在这台电脑上；没有您的指示，什么都不会改动。</translation>
  </message>
 </context>
 <context>
  <name>ErrorReporter</name>
  <message>
   <source>RoomNet</source>
   <translation>RoomNet</translation>
  </message>
  <message>
   <source>Something went wrong that should not have.</source>
   <translation>出现了意外的错误。</translation>
  </message>
  <message>
   <source>{error}

Your photos were not changed. A report helps to mend this.</source>
   <translation>{error}

您的照片没有改动。反馈这个问题有助于修复它。</translation>
  </message>
  <message>
   <source>&amp;Copy report</source>
   <translation>复制报告(&amp;C)</translation>
  </message>
 </context>
 <context>
  <name>ExcelExport</name>
  <message>
   <source>Export to Excel</source>
   <translation>导出到 Excel</translation>
  </message>
  <message>
   <source>Excel workbook (*.xlsx)</source>
   <translation>Excel 工作簿 (*.xlsx)</translation>
  </message>
  <message>
   <source>{name} is there already. Replace it?</source>
   <translation>{name} 已存在。要替换它吗？</translation>
  </message>
  <message>
   <source>Writing {name}…</source>
   <translation>正在写入 {name}…</translation>
  </message>
 </context>
 <context>
  <name>ExportDialog</name>
  <message>
   <source>Export</source>
   <translation>导出</translation>
  </message>
  <message>
   <source>With &amp;thumbnails</source>
   <translation>包含缩略图(&amp;T)</translation>
  </message>
  <message>
   <source>Mark it as &amp;UTF-8, so that Excel on Windows shows every letter</source>
   <translation>标记为 UTF-8，使 Windows 版 Excel 能正确显示所有文字(&amp;U)</translation>
  </message>
  <message>
   <source>With full &amp;paths of sorted photos, which may tell your user name</source>
   <translation>包含已整理照片的完整路径（可能透露您的用户名）(&amp;P)</translation>
  </message>
  <message>
   <source>U&amp;nsure ({count})</source>
   <translation>不确定(&amp;N) ({count})</translation>
  </message>
  <message>
   <source>&amp;Rejected ({count})</source>
   <translation>已排除(&amp;R) ({count})</translation>
  </message>
  <message>
   <source>Not reada&amp;ble ({count})</source>
   <translation>无法读取(&amp;B) ({count})</translation>
  </message>
  <message>
   <source>Also the photos that are:</source>
   <translation>同时包括这些照片：</translation>
  </message>
  <message>
   <source>Bro&amp;wse…</source>
   <translation>浏览(&amp;W)…</translation>
  </message>
  <message>
   <source>Fol&amp;der:</source>
   <translation>文件夹(&amp;D)：</translation>
  </message>
  <message>
   <source>&amp;File:</source>
   <translation>文件(&amp;F)：</translation>
  </message>
  <message>
   <source>Folder of the copies</source>
   <translation>副本的文件夹</translation>
  </message>
  <message>
   <source>File to write</source>
   <translation>要写入的文件</translation>
  </message>
  <message>
   <source>{name} labelled</source>
   <translation>{name} 标注副本</translation>
  </message>
  <message>
   <source>Looking at the photos…</source>
   <translation>正在检查照片…</translation>
  </message>
  <message>
   <source>photos</source>
   <translation>照片</translation>
  </message>
  <message>
   <source>Copy {photos}</source>
   <translation>复制 {photos}</translation>
  </message>
  <message>
   <source>Write into {photos}</source>
   <translation>写入 {photos}</translation>
  </message>
  <message>
   <source>Export {photos}</source>
   <translation>导出 {photos}</translation>
  </message>
 </context>
 <context>
  <name>ExportKinds</name>
  <message>
   <source>&amp;Excel workbook</source>
   <translation>Excel 工作簿(&amp;E)</translation>
  </message>
  <message>
   <source>&amp;CSV table</source>
   <translation>CSV 表格(&amp;C)</translation>
  </message>
  <message>
   <source>&amp;JSON document</source>
   <translation>JSON 文档(&amp;J)</translation>
  </message>
  <message>
   <source>&amp;Labelled copies</source>
   <translation>带标注的副本(&amp;L)</translation>
  </message>
  <message>
   <source>&amp;Keywords in the photos</source>
   <translation>照片内的关键字(&amp;K)</translation>
  </message>
  <message>
   <source>Every photo with its room and thumbnail, and a summary with a chart.</source>
   <translation>每张照片的房间和缩略图，以及带图表的汇总。</translation>
  </message>
  <message>
   <source>One line a photo, for spreadsheets and databases.</source>
   <translation>每张照片一行，适合电子表格和数据库。</translation>
  </message>
  <message>
   <source>For programs: a documented format with all probabilities.</source>
   <translation>供程序使用：格式有文档说明，包含全部概率。</translation>
  </message>
  <message>
   <source>Copies with room and confidence written on them; the originals stay.</source>
   <translation>在副本上写出房间和置信度；原件保持不变。</translation>
  </message>
  <message>
   <source>Writes the room into the photo files, for Lightroom, Bridge and others.</source>
   <translation>把房间写入照片文件，供 Lightroom、Bridge 等软件使用。</translation>
  </message>
 </context>
 <context>
  <name>ExportWork</name>
  <message>
   <source>No photo is left to export.</source>
   <translation>没有可导出的照片。</translation>
  </message>
  <message>
   <source>Choose a folder.</source>
   <translation>请选择文件夹。</translation>
  </message>
  <message>
   <source>Choose a file.</source>
   <translation>请选择文件。</translation>
  </message>
  <message>
   <source>{name} is there already, from an earlier export. It will be replaced.</source>
   <translation>{name} 已存在，是以前导出的文件，将被替换。</translation>
  </message>
  <message>
   <source>{room} {confidence}</source>
   <translation>{room} {confidence}</translation>
  </message>
  <message>
   <source>The pictures themselves are not changed, and the Edit menu can undo it.</source>
   <translation>图像本身不会改变，并可从“编辑”菜单撤销。</translation>
  </message>
  <message>
   <source>No photo can get a keyword.</source>
   <translation>没有照片可以写入关键字。</translation>
  </message>
  <message>
   <source>{photos} get none:</source>
   <translation>{photos}不会写入：</translation>
  </message>
 </context>
 <context>
  <name>Exports</name>
  <message>
   <source>Writing labelled copies to {target}…</source>
   <translation>正在把带标注的副本写入 {target}…</translation>
  </message>
  <message>
   <source>Writing keywords into the photos…</source>
   <translation>正在把关键字写入照片…</translation>
  </message>
  <message>
   <source>Writing {target}…</source>
   <translation>正在写入 {target}…</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>导出</translation>
  </message>
  <message>
   <source>Exported to {name}</source>
   <translation>已导出到 {name}</translation>
  </message>
  <message>
   <source>You stopped it. Every file is whole.</source>
   <translation>已按您的要求停止。所有文件都是完整的。</translation>
  </message>
  <message>
   <source>{files} beside raw photos were written too.</source>
   <translation>还写入了 RAW 照片旁的 {files}。</translation>
  </message>
  <message>
   <source>{photos} had their keyword already.</source>
   <translation>{photos}已有相应的关键字。</translation>
  </message>
  <message>
   <source>{photos} got none, as was said.</source>
   <translation>如前所述，{photos}未写入关键字。</translation>
  </message>
  <message>
   <source>Keywords written into {photos}</source>
   <translation>已把关键字写入 {photos}</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>撤销(&amp;U)</translation>
  </message>
  <message>
   <source>You stopped it. Every copy is whole.</source>
   <translation>已按您的要求停止。所有副本都是完整的。</translation>
  </message>
  <message>
   <source>{photos} have no room and were left out.</source>
   <translation>{photos}没有房间，已跳过。</translation>
  </message>
  <message>
   <source>{photos} copied to {folder}</source>
   <translation>已将 {photos}复制到 {folder}</translation>
  </message>
  <message>
   <source>{photos} could not be done:</source>
   <translation>{photos}未能处理：</translation>
  </message>
 </context>
 <context>
  <name>FolderModel</name>
  <message>
   <source>Folder</source>
   <translation>文件夹</translation>
  </message>
  <message>
   <source>Photos</source>
   <translation>照片</translation>
  </message>
 </context>
 <context>
  <name>GridBar</name>
  <message>
   <source>Name</source>
   <translation>名称</translation>
  </message>
  <message>
   <source>Capture time</source>
   <translation>拍摄时间</translation>
  </message>
  <message>
   <source>Room</source>
   <translation>房间</translation>
  </message>
  <message>
   <source>Confidence</source>
   <translation>置信度</translation>
  </message>
  <message>
   <source>Margin</source>
   <translation>差距</translation>
  </message>
  <message>
   <source>Sort by</source>
   <translation>排序方式</translation>
  </message>
  <message>
   <source>The order of the photos. By margin, those come first between whose rooms the model wavered most.</source>
   <translation>照片的排列顺序。按差距排序时，模型最拿不准的照片排在最前面。</translation>
  </message>
  <message>
   <source>Sort &amp;by</source>
   <translation>排序(&amp;B)</translation>
  </message>
  <message>
   <source>Size of the thumbnails</source>
   <translation>缩略图大小</translation>
  </message>
  <message>
   <source>Size of the thumbnails (Ctrl + and Ctrl -)</source>
   <translation>缩略图大小（Ctrl + 和 Ctrl -）</translation>
  </message>
  <message>
   <source>Ascending; click for descending</source>
   <translation>升序；单击改为降序</translation>
  </message>
  <message>
   <source>Descending; click for ascending</source>
   <translation>降序；单击改为升序</translation>
  </message>
  <message>
   <source>   ·   {count} selected</source>
   <translation>   ·   已选 {count} 张</translation>
  </message>
 </context>
 <context>
  <name>Help</name>
  <message>
   <source>Help</source>
   <translation>帮助</translation>
  </message>
 </context>
 <context>
  <name>HelpWindow</name>
  <message>
   <source>Help</source>
   <translation>帮助</translation>
  </message>
  <message>
   <source>Search the help</source>
   <translation>搜索帮助</translation>
  </message>
  <message>
   <source>Clear the search</source>
   <translation>清除搜索</translation>
  </message>
  <message>
   <source>Pages of the help</source>
   <translation>帮助页面</translation>
  </message>
  <message>
   <source>The page that is shown</source>
   <translation>当前页面</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>后退</translation>
  </message>
  <message>
   <source>Forward</source>
   <translation>前进</translation>
  </message>
  <message>
   <source>The help is missing from this installation. Install RoomNet again.</source>
   <translation>此安装中缺少帮助。请重新安装 RoomNet。</translation>
  </message>
 </context>
 <context>
  <name>Inspector</name>
  <message>
   <source>Details of the photo</source>
   <translation>照片的详细信息</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>文件夹</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>尺寸</translation>
  </message>
  <message>
   <source>Taken</source>
   <translation>拍摄</translation>
  </message>
  <message>
   <source>Camera</source>
   <translation>相机</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>模型</translation>
  </message>
  <message>
   <source>No photo selected</source>
   <translation>未选中照片</translation>
  </message>
  <message>
   <source>{photos} are selected</source>
   <translation>已选中 {photos}</translation>
  </message>
  <message>
   <source>{count} MP</source>
   <translation>{count} 百万像素</translation>
  </message>
 </context>
 <context>
  <name>InterruptedBox</name>
  <message>
   <source>Interrupted sort</source>
   <translation>中断的整理</translation>
  </message>
  <message>
   <source>No photo is lost. The undoing can go on now, or later.</source>
   <translation>没有照片丢失。可以现在继续撤销，也可以以后再说。</translation>
  </message>
  <message>
   <source>&amp;Go on undoing</source>
   <translation>继续撤销(&amp;G)</translation>
  </message>
  <message>
   <source>No photo is lost. The keywords that are there can stay, or be taken out.</source>
   <translation>没有照片丢失。已写入的关键字可以保留，也可以去除。</translation>
  </message>
  <message>
   <source>&amp;Keep them</source>
   <translation>保留(&amp;K)</translation>
  </message>
  <message>
   <source>No photo is lost. The rest can be done now, or all of it undone.</source>
   <translation>没有照片丢失。可以现在完成其余部分，或全部撤销。</translation>
  </message>
  <message>
   <source>&amp;Finish</source>
   <translation>完成(&amp;F)</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>撤销(&amp;U)</translation>
  </message>
  <message>
   <source>&amp;Later</source>
   <translation>以后再说(&amp;L)</translation>
  </message>
 </context>
 <context>
  <name>Invitation</name>
  <message>
   <source>Teach RoomNet your own rooms</source>
   <translation>教会 RoomNet 识别您自己的房间</translation>
  </message>
  <message>
   <source>Drop a folder here that has one subfolder for each class, named after it: Kitchen, Garage, …</source>
   <translation>把一个文件夹拖到这里，其中每个类别各有一个以它命名的子文件夹：厨房、车库…</translation>
  </message>
  <message>
   <source>20 photos a class are a start, 100 are good. Photos of one listing may share a folder below.</source>
   <translation>每个类别 20 张照片即可起步，100 张效果较好。同一房源的照片可以放在下一级的同一文件夹里。</translation>
  </message>
  <message>
   <source>The photos are only read. Nothing is written into your folders.</source>
   <translation>照片只会被读取，不会在您的文件夹里写入任何内容。</translation>
  </message>
 </context>
 <context>
  <name>KeyList</name>
  <message>
   <source>Undo</source>
   <translation>撤销</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>重做</translation>
  </message>
  <message>
   <source>Move about</source>
   <translation>移动</translation>
  </message>
  <message>
   <source>First and last photo</source>
   <translation>第一张和最后一张</translation>
  </message>
  <message>
   <source>Select several</source>
   <translation>选择多张</translation>
  </message>
  <message>
   <source>Open and leave</source>
   <translation>打开和退出</translation>
  </message>
  <message>
   <source>Previous and next</source>
   <translation>上一张和下一张</translation>
  </message>
  <message>
   <source>100 %, and fitted again</source>
   <translation>100%，再按适合窗口</translation>
  </message>
  <message>
   <source>Larger, smaller</source>
   <translation>放大、缩小</translation>
  </message>
  <message>
   <source>Pan, when enlarged</source>
   <translation>放大后平移</translation>
  </message>
  <message>
   <source>Previous and next, always</source>
   <translation>上一张和下一张（始终有效）</translation>
  </message>
  <message>
   <source>Size of the thumbnails</source>
   <translation>缩略图大小</translation>
  </message>
  <message>
   <source>All keys</source>
   <translation>所有快捷键</translation>
  </message>
  <message>
   <source>The selected photos show</source>
   <translation>所选照片是</translation>
  </message>
  <message>
   <source>And</source>
   <translation>以及</translation>
  </message>
  <message>
   <source>Moving about</source>
   <translation>浏览</translation>
  </message>
  <message>
   <source>Large picture</source>
   <translation>大图</translation>
  </message>
  <message>
   <source>Window</source>
   <translation>窗口</translation>
  </message>
 </context>
 <context>
  <name>KeyOverlay</name>
  <message>
   <source>Keys</source>
   <translation>快捷键</translation>
  </message>
 </context>
 <context>
  <name>LeftOutModel</name>
  <message>
   <source>File</source>
   <translation>文件</translation>
  </message>
  <message>
   <source>Why</source>
   <translation>原因</translation>
  </message>
 </context>
 <context>
  <name>LogDialog</name>
  <message>
   <source>Logs</source>
   <translation>日志</translation>
  </message>
  <message>
   <source>What went wrong lately, for a report. It may name your files and folders, so look it over before you pass it on. RoomNet itself sends nothing.</source>
   <translation>最近出现的问题，供反馈时使用。其中可能含有您的文件和文件夹名称，转交他人前请先看一遍。RoomNet 本身不会发送任何内容。</translation>
  </message>
  <message>
   <source>The end of the log</source>
   <translation>日志末尾</translation>
  </message>
  <message>
   <source>Reading…</source>
   <translation>正在读取…</translation>
  </message>
  <message>
   <source>&amp;Copy</source>
   <translation>复制(&amp;C)</translation>
  </message>
  <message>
   <source>&amp;Open folder</source>
   <translation>打开文件夹(&amp;O)</translation>
  </message>
  <message>
   <source>The log is empty: nothing went wrong.</source>
   <translation>日志是空的：没有出现问题。</translation>
  </message>
 </context>
 <context>
  <name>MainWindow</name>
  <message>
   <source>Tool bar</source>
   <translation>工具栏</translation>
  </message>
  <message>
   <source>Opening {folder}…</source>
   <translation>正在打开 {folder}…</translation>
  </message>
  <message>
   <source>Drop to learn from this folder</source>
   <translation>松开鼠标，用此文件夹训练</translation>
  </message>
  <message>
   <source>Drop to add these photos</source>
   <translation>松开鼠标，添加这些照片</translation>
  </message>
  <message>
   <source>Exported to {path}</source>
   <translation>已导出到 {path}</translation>
  </message>
  <message>
   <source>RoomNet</source>
   <translation>RoomNet</translation>
  </message>
 </context>
 <context>
  <name>MethodPage</name>
  <message>
   <source>Name of the new model</source>
   <translation>新模型的名称</translation>
  </message>
  <message>
   <source>The name under which the new model appears in Photos &gt; Model</source>
   <translation>新模型在“照片 &gt; 模型”中显示的名称</translation>
  </message>
  <message>
   <source>Na&amp;me of the new model:</source>
   <translation>新模型的名称(&amp;M)：</translation>
  </message>
  <message>
   <source>&amp;Start training</source>
   <translation>开始训练(&amp;S)</translation>
  </message>
  <message>
   <source>&amp;Back to the photos</source>
   <translation>返回照片(&amp;B)</translation>
  </message>
  <message>
   <source>Adva&amp;nced</source>
   <translation>高级(&amp;N)</translation>
  </message>
  <message>
   <source>Numbers for those who know; the usual ones are good</source>
   <translation>供熟悉训练的人调整；默认值已经够好</translation>
  </message>
  <message>
   <source>&amp;Usual values</source>
   <translation>默认值(&amp;U)</translation>
  </message>
  <message>
   <source>Put the recipe's own values back</source>
   <translation>恢复此方式的默认值</translation>
  </message>
  <message>
   <source>Needs TensorFlow, which the light version of RoomNet leaves out. The full version, which is on the same download page, has it.</source>
   <translation>需要 TensorFlow，轻量版 RoomNet 不含它。同一下载页面上的完整版含有它。</translation>
  </message>
  <message numerus="yes">
   <source>{photos} of %Ln class(es)</source>
   <translation>
    <numerusform>{photos}，%Ln 个类别</numerusform>
   </translation>
  </message>
  <message>
   <source>About {time}, as fast as the last time</source>
   <translation>按上次的速度，大约需要 {time}</translation>
  </message>
 </context>
 <context>
  <name>ModelTable</name>
  <message>
   <source>Model</source>
   <translation>模型</translation>
  </message>
  <message>
   <source>Classes</source>
   <translation>类别</translation>
  </message>
  <message>
   <source>Accuracy</source>
   <translation>准确率</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>大小</translation>
  </message>
  <message>
   <source>Origin</source>
   <translation>来源</translation>
  </message>
  <message>
   <source>{name} (in use)</source>
   <translation>{name}（使用中）</translation>
  </message>
  <message>
   <source>Your own</source>
   <translation>您自己的</translation>
  </message>
  <message>
   <source>Ships with RoomNet</source>
   <translation>随 RoomNet 提供</translation>
  </message>
 </context>
 <context>
  <name>ModelsDialog</name>
  <message>
   <source>Models</source>
   <translation>模型</translation>
  </message>
  <message>
   <source>Working</source>
   <translation>正在处理</translation>
  </message>
  <message>
   <source>&amp;Use</source>
   <translation>使用(&amp;U)</translation>
  </message>
  <message>
   <source>Classify with this model from now on</source>
   <translation>今后用此模型识别</translation>
  </message>
  <message>
   <source>&amp;Rename…</source>
   <translation>重命名(&amp;R)…</translation>
  </message>
  <message>
   <source>Another name</source>
   <translation>改用别的名称</translation>
  </message>
  <message>
   <source>&amp;Export…</source>
   <translation>导出(&amp;E)…</translation>
  </message>
  <message>
   <source>Write the model as one file, for another computer</source>
   <translation>把模型写成一个文件，供其他电脑使用</translation>
  </message>
  <message>
   <source>&amp;Import…</source>
   <translation>导入(&amp;I)…</translation>
  </message>
  <message>
   <source>Take in a model from a file of another computer</source>
   <translation>从其他电脑的文件导入模型</translation>
  </message>
  <message>
   <source>Re&amp;move…</source>
   <translation>删除(&amp;M)…</translation>
  </message>
  <message>
   <source>Put the model into the trash</source>
   <translation>把模型移到回收站</translation>
  </message>
  <message>
   <source>Re&amp;port</source>
   <translation>报告(&amp;P)</translation>
  </message>
  <message>
   <source>Show what came of its training</source>
   <translation>查看它的训练结果</translation>
  </message>
  <message>
   <source>{name} is in use.</source>
   <translation>正在使用 {name}。</translation>
  </message>
  <message>
   <source>Rename the model</source>
   <translation>重命名模型</translation>
  </message>
  <message>
   <source>New name:</source>
   <translation>新名称：</translation>
  </message>
  <message>
   <source>The model is called {name} now.</source>
   <translation>模型现在名为 {name}。</translation>
  </message>
  <message>
   <source>Export the model</source>
   <translation>导出模型</translation>
  </message>
  <message>
   <source>RoomNet models (*{suffix})</source>
   <translation>RoomNet 模型 (*{suffix})</translation>
  </message>
  <message>
   <source>Exported to {path}</source>
   <translation>已导出到 {path}</translation>
  </message>
  <message>
   <source>Import a model</source>
   <translation>导入模型</translation>
  </message>
  <message>
   <source>RoomNet models (*{suffix});;All files (*)</source>
   <translation>RoomNet 模型 (*{suffix});;所有文件 (*)</translation>
  </message>
  <message>
   <source>{name} was imported. Use makes it the one in use.</source>
   <translation>已导入 {name}。单击“使用”即可启用它。</translation>
  </message>
  <message>
   <source>Remove the model</source>
   <translation>删除模型</translation>
  </message>
  <message>
   <source>Put {name} into the trash?</source>
   <translation>要把 {name} 移到回收站吗？</translation>
  </message>
  <message>
   <source>What it said of photos is kept. The trash gives the model back.</source>
   <translation>它的识别结果会保留。可从回收站恢复模型。</translation>
  </message>
  <message>
   <source>&amp;Move to trash</source>
   <translation>移到回收站(&amp;M)</translation>
  </message>
  <message>
   <source>This is the only model; it stays.</source>
   <translation>这是唯一的模型，不能删除。</translation>
  </message>
  <message>
   <source>{name} is in the trash.</source>
   <translation>{name} 已移到回收站。</translation>
  </message>
 </context>
 <context>
  <name>News</name>
  <message>
   <source>&amp;Add</source>
   <translation>添加(&amp;A)</translation>
  </message>
  <message>
   <source>&amp;Update</source>
   <translation>更新(&amp;U)</translation>
  </message>
  <message>
   <source>Not there now: {folders}</source>
   <translation>目前找不到：{folders}</translation>
  </message>
  <message>
   <source>Your labels are not being saved. {words}</source>
   <translation>您的标记目前没有保存。{words}</translation>
  </message>
 </context>
 <context>
  <name>Opening</name>
  <message>
   <source>Open a folder of photos</source>
   <translation>打开照片文件夹</translation>
  </message>
  <message>
   <source>Add a folder of photos</source>
   <translation>添加照片文件夹</translation>
  </message>
  <message>
   <source>Photos ({patterns})</source>
   <translation>照片 ({patterns})</translation>
  </message>
  <message>
   <source>Add photos</source>
   <translation>添加照片</translation>
  </message>
 </context>
 <context>
  <name>OptionForm</name>
  <message>
   <source>none</source>
   <translation>无</translation>
  </message>
  <message>
   <source>mirror</source>
   <translation>镜像</translation>
  </message>
  <message>
   <source>full</source>
   <translation>全部</translation>
  </message>
  <message>
   <source>in use</source>
   <translation>使用中</translation>
  </message>
 </context>
 <context>
  <name>OptionsPanel</name>
  <message>
   <source>&amp;Unsure photos into a folder:</source>
   <translation>不确定的照片放入文件夹(&amp;U)：</translation>
  </message>
  <message>
   <source>Folder of the unsure photos</source>
   <translation>不确定照片的文件夹</translation>
  </message>
  <message>
   <source>Re&amp;jected photos into a folder:</source>
   <translation>已排除的照片放入文件夹(&amp;J)：</translation>
  </message>
  <message>
   <source>Folder of the rejected photos</source>
   <translation>已排除照片的文件夹</translation>
  </message>
  <message>
   <source>Files &amp;belonging to a photo go with it</source>
   <translation>附属文件随照片一起(&amp;B)</translation>
  </message>
  <message>
   <source>Files of the same name: .xmp and .aae side files, and the raw picture beside a JPEG.</source>
   <translation>同名文件：.xmp 和 .aae 附属文件，以及 JPEG 旁的 RAW 照片。</translation>
  </message>
  <message>
   <source>&amp;Order and folders of the rooms:</source>
   <translation>房间的顺序和文件夹(&amp;O)：</translation>
  </message>
  <message>
   <source>Unsure</source>
   <translation>不确定</translation>
  </message>
  <message>
   <source>Rejected</source>
   <translation>已排除</translation>
  </message>
  <message>
   <source>&amp;Copy</source>
   <translation>复制(&amp;C)</translation>
  </message>
  <message>
   <source>&amp;Move</source>
   <translation>移动(&amp;M)</translation>
  </message>
  <message>
   <source>Hard &amp;link</source>
   <translation>硬链接(&amp;L)</translation>
  </message>
  <message>
   <source>Destination folder</source>
   <translation>目标文件夹</translation>
  </message>
  <message>
   <source>&amp;Destination:</source>
   <translation>目标(&amp;D)：</translation>
  </message>
  <message>
   <source>Bro&amp;wse…</source>
   <translation>浏览(&amp;W)…</translation>
  </message>
  <message>
   <source>The originals stay where they are.</source>
   <translation>原件留在原处。</translation>
  </message>
  <message>
   <source>Undo brings them back to where they were.</source>
   <translation>撤销可把它们移回原处。</translation>
  </message>
  <message>
   <source>A second name for the same file; it takes no space.</source>
   <translation>同一文件的另一个名称；不占空间。</translation>
  </message>
 </context>
 <context>
  <name>PhotoDelegate</name>
  <message>
   <source>…</source>
   <translation>…</translation>
  </message>
  <message>
   <source>not classified yet</source>
   <translation>尚未识别</translation>
  </message>
  <message>
   <source>could not be read</source>
   <translation>无法读取</translation>
  </message>
 </context>
 <context>
  <name>PhotoGrid</name>
  <message>
   <source>Photos</source>
   <translation>照片</translation>
  </message>
 </context>
 <context>
  <name>PhotoPanel</name>
  <message>
   <source>There is no photo here.</source>
   <translation>这里没有照片。</translation>
  </message>
  <message>
   <source>{number} of {count}</source>
   <translation>{number} / {count}</translation>
  </message>
 </context>
 <context>
  <name>PhotoSet</name>
  <message>
   <source>Leave out {photos}</source>
   <translation>不用 {photos}训练</translation>
  </message>
  <message>
   <source>Take in {photos}</source>
   <translation>重新采用 {photos}</translation>
  </message>
 </context>
 <context>
  <name>PlanModel</name>
  <message>
   <source>Now</source>
   <translation>原名称</translation>
  </message>
  <message>
   <source>Then</source>
   <translation>新名称</translation>
  </message>
  <message>
   <source>Remark</source>
   <translation>备注</translation>
  </message>
 </context>
 <context>
  <name>Preview</name>
  <message>
   <source>Large picture</source>
   <translation>大图</translation>
  </message>
  <message>
   <source>Loading…</source>
   <translation>正在加载…</translation>
  </message>
  <message>
   <source>This photo can no longer be read.</source>
   <translation>这张照片已无法读取。</translation>
  </message>
 </context>
 <context>
  <name>ProbabilityBars</name>
  <message>
   <source>Probabilities: {words}</source>
   <translation>概率：{words}</translation>
  </message>
 </context>
 <context>
  <name>ProblemList</name>
  <message>
   <source>&amp;Copy list</source>
   <translation>复制列表(&amp;C)</translation>
  </message>
  <message>
   <source>Copy all files and reasons to the clipboard</source>
   <translation>把所有文件和原因复制到剪贴板</translation>
  </message>
  <message>
   <source>Files that could not be read</source>
   <translation>无法读取的文件</translation>
  </message>
  <message>
   <source>Every file could be read.</source>
   <translation>所有文件都能读取。</translation>
  </message>
  <message numerus="yes">
   <source>%Ln file(s) could not be read. What is in them can still be labelled by hand.</source>
   <translation>
    <numerusform>%Ln 个文件无法读取。仍可手动标记它们的房间。</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ProblemModel</name>
  <message>
   <source>File</source>
   <translation>文件</translation>
  </message>
  <message>
   <source>What is wrong</source>
   <translation>问题</translation>
  </message>
 </context>
 <context>
  <name>ProgressArea</name>
  <message>
   <source>Progress of the classification</source>
   <translation>识别进度</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>取消</translation>
  </message>
  <message>
   <source>Stop classifying; what is done stays (Esc)</source>
   <translation>停止识别；已完成的会保留（Esc）</translation>
  </message>
  <message>
   <source>Classifying {done} of {total}</source>
   <translation>正在识别：{done} / {total}</translation>
  </message>
  <message>
   <source>Looking for photos: {total} so far</source>
   <translation>正在查找照片：已找到 {total}</translation>
  </message>
  <message numerus="yes">
   <source>, %Ln more folder(s) to come</source>
   <translation>
    <numerusform>，还有 %Ln 个文件夹</numerusform>
   </translation>
  </message>
  <message>
   <source>{rate} photos/s</source>
   <translation>{rate} 张/秒</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>剩余 {time}</translation>
  </message>
  <message>
   <source>{count} could not be read</source>
   <translation>{count} 张无法读取</translation>
  </message>
  <message>
   <source>{count} unsure</source>
   <translation>{count} 张不确定</translation>
  </message>
  <message>
   <source>done in {time} ({rate} photos/s)</source>
   <translation>用时 {time}（{rate} 张/秒）</translation>
  </message>
  <message>
   <source>less than a second</source>
   <translation>1 秒以内</translation>
  </message>
  <message>
   <source>stopped; Photos &gt; Classify the rest goes on</source>
   <translation>已停止；可用“照片 &gt; 识别其余照片”继续</translation>
  </message>
  <message>
   <source>No photo was found there.</source>
   <translation>没有找到照片。</translation>
  </message>
  <message>
   <source>{model} · {engine}</source>
   <translation>{model} · {engine}</translation>
  </message>
  <message>
   <source>The model, and what it runs on</source>
   <translation>模型及其运行设备</translation>
  </message>
 </context>
 <context>
  <name>ReportSaver</name>
  <message>
   <source>Save pictures and tables in</source>
   <translation>图表保存位置</translation>
  </message>
  <message>
   <source>Saved in {folder}</source>
   <translation>已保存到 {folder}</translation>
  </message>
  <message>
   <source>Not saved: {error}</source>
   <translation>未保存：{error}</translation>
  </message>
 </context>
 <context>
  <name>ResultPage</name>
  <message>
   <source>The new model beside the one in use</source>
   <translation>新模型与当前模型的对比</translation>
  </message>
  <message>
   <source>Photos are classified with it from now on; Photos &gt; Model changes it</source>
   <translation>今后用它识别照片；可在“照片 &gt; 模型”中更换</translation>
  </message>
  <message>
   <source>&amp;Train again with these</source>
   <translation>用这些重新训练(&amp;T)</translation>
  </message>
  <message>
   <source>Take the labels corrected here over, and train anew</source>
   <translation>采用在这里更正的类别，重新训练</translation>
  </message>
  <message>
   <source>&amp;Save pictures and tables…</source>
   <translation>保存图表(&amp;S)…</translation>
  </message>
  <message>
   <source>The plots as SVG and their numbers as CSV, into a folder of your choice</source>
   <translation>把图表存为 SVG、数据存为 CSV，放入您选择的文件夹</translation>
  </message>
  <message>
   <source>&amp;New training</source>
   <translation>新的训练(&amp;N)</translation>
  </message>
  <message>
   <source>C&amp;omparison</source>
   <translation>对比(&amp;O)</translation>
  </message>
  <message>
   <source>&amp;Mistakes</source>
   <translation>错误(&amp;M)</translation>
  </message>
  <message>
   <source>P&amp;lots</source>
   <translation>图表(&amp;L)</translation>
  </message>
  <message>
   <source>Confus&amp;ion</source>
   <translation>混淆矩阵(&amp;I)</translation>
  </message>
  <message>
   <source>Every validation photo was called right.</source>
   <translation>所有验证照片都判断正确。</translation>
  </message>
  <message>
   <source>“{name}” is ready.</source>
   <translation>“{name}”已完成。</translation>
  </message>
  <message>
   <source>&amp;Mistakes ({count})</source>
   <translation>错误(&amp;M) ({count})</translation>
  </message>
  <message>
   <source>In use</source>
   <translation>使用中</translation>
  </message>
  <message>
   <source>&amp;Use this model</source>
   <translation>使用此模型(&amp;U)</translation>
  </message>
 </context>
 <context>
  <name>ReviewPage</name>
  <message>
   <source>Search by file name</source>
   <translation>按文件名搜索</translation>
  </message>
  <message>
   <source>Search file names</source>
   <translation>搜索文件名</translation>
  </message>
  <message>
   <source>Show only photos whose name or folder holds this text</source>
   <translation>只显示名称或文件夹含有此文字的照片</translation>
  </message>
  <message>
   <source>Clear the search</source>
   <translation>清除搜索</translation>
  </message>
  <message>
   <source>A photo needs a room before it can be the room's cover.</source>
   <translation>照片要先有房间，才能成为房间的封面。</translation>
  </message>
  <message>
   <source>No unsure photo is shown here; All photos in the side bar shows them.</source>
   <translation>这里没有不确定的照片；单击边栏中的“所有照片”可看到它们。</translation>
  </message>
  <message>
   <source>No photo is unsure any more.</source>
   <translation>已没有不确定的照片。</translation>
  </message>
  <message>
   <source>No photo shows this room.</source>
   <translation>没有这个房间的照片。</translation>
  </message>
  <message>
   <source>Nothing is left to check: every photo is sure or was looked at.</source>
   <translation>没有待检查的照片：每张都已确定或看过。</translation>
  </message>
  <message>
   <source>You have corrected no photo yet.</source>
   <translation>您还没有更正过照片。</translation>
  </message>
  <message>
   <source>You have looked at every photo.</source>
   <translation>您已看过所有照片。</translation>
  </message>
  <message>
   <source>No photo is rejected. X rejects the selected ones.</source>
   <translation>没有排除的照片。按 X 可排除所选照片。</translation>
  </message>
  <message>
   <source>Every file could be read.</source>
   <translation>所有文件都能读取。</translation>
  </message>
  <message>
   <source>There is no photo here.</source>
   <translation>这里没有照片。</translation>
  </message>
  <message>
   <source>No photo here has “{text}” in its name.</source>
   <translation>这里没有名称含“{text}”的照片。</translation>
  </message>
  <message>
   <source>{number} of {count}</source>
   <translation>{number} / {count}</translation>
  </message>
 </context>
 <context>
  <name>RoomModel</name>
  <message>
   <source>Room</source>
   <translation>房间</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>文件夹</translation>
  </message>
  <message>
   <source>The folder of this room. F2 or a double click changes its name.</source>
   <translation>这个房间的文件夹。按 F2 或双击可更改名称。</translation>
  </message>
  <message>
   <source>{place}. {room}</source>
   <translation>{place}. {room}</translation>
  </message>
  <message>
   <source>Alt+Up and Alt+Down, or dragging, changes the order.</source>
   <translation>按 Alt+↑、Alt+↓ 或拖动可更改顺序。</translation>
  </message>
 </context>
 <context>
  <name>RoomTable</name>
  <message>
   <source>Rooms in listing order, and their folders</source>
   <translation>按展示顺序排列的房间及其文件夹</translation>
  </message>
  <message>
   <source>Move the room up</source>
   <translation>上移房间</translation>
  </message>
  <message>
   <source>Move the room down</source>
   <translation>下移房间</translation>
  </message>
 </context>
 <context>
  <name>RunModel</name>
  <message>
   <source>When</source>
   <translation>时间</translation>
  </message>
  <message>
   <source>What</source>
   <translation>内容</translation>
  </message>
  <message>
   <source>Where to</source>
   <translation>目标位置</translation>
  </message>
  <message>
   <source>State</source>
   <translation>状态</translation>
  </message>
 </context>
 <context>
  <name>RunPage</name>
  <message>
   <source>Progress of the training</source>
   <translation>训练进度</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>损失</translation>
  </message>
  <message>
   <source>Epoch</source>
   <translation>轮次</translation>
  </message>
  <message>
   <source>Accuracy</source>
   <translation>准确率</translation>
  </message>
  <message>
   <source>&amp;Stop and keep the best</source>
   <translation>停止并保留最佳结果(&amp;S)</translation>
  </message>
  <message>
   <source>End now, with the best epoch so far as the new model</source>
   <translation>立即结束，以目前最好的一轮作为新模型</translation>
  </message>
  <message>
   <source>Cancel &amp;training…</source>
   <translation>取消训练(&amp;T)…</translation>
  </message>
  <message>
   <source>End now and keep nothing</source>
   <translation>立即结束，不保留任何内容</translation>
  </message>
  <message>
   <source>&amp;Go on</source>
   <translation>继续(&amp;G)</translation>
  </message>
  <message>
   <source>Go on from the last whole epoch</source>
   <translation>从最后完成的一轮继续</translation>
  </message>
  <message>
   <source>&amp;Back to the choices</source>
   <translation>返回选项(&amp;B)</translation>
  </message>
  <message>
   <source>Change something and start afresh</source>
   <translation>修改后重新开始</translation>
  </message>
  <message>
   <source>Give the computer back for a while; nothing is lost</source>
   <translation>暂时让出电脑；不会丢失任何内容</translation>
  </message>
  <message>
   <source>What the validation photos were called after the last epoch</source>
   <translation>最近一轮后对验证照片的判断</translation>
  </message>
  <message>
   <source>Resu&amp;me</source>
   <translation>继续(&amp;M)</translation>
  </message>
  <message>
   <source>Pa&amp;use</source>
   <translation>暂停(&amp;U)</translation>
  </message>
  <message>
   <source>The curves begin with the first epoch.</source>
   <translation>第一轮开始后显示曲线。</translation>
  </message>
 </context>
 <context>
  <name>RunTexts</name>
  <message>
   <source>d MMM HH:mm</source>
   <translation>M月d日 HH:mm</translation>
  </message>
  <message>
   <source>d MMM yyyy HH:mm</source>
   <translation>yyyy年M月d日 HH:mm</translation>
  </message>
  <message>
   <source>{photos} copied</source>
   <translation>复制 {photos}</translation>
  </message>
  <message>
   <source>{photos} moved</source>
   <translation>移动 {photos}</translation>
  </message>
  <message>
   <source>{photos} linked</source>
   <translation>链接 {photos}</translation>
  </message>
  <message>
   <source>keywords in {photos}</source>
   <translation>{photos}的关键字</translation>
  </message>
  <message>
   <source>sort of {when} ({what})</source>
   <translation>{when} 的整理（{what}）</translation>
  </message>
  <message>
   <source>Interrupted</source>
   <translation>已中断</translation>
  </message>
  <message>
   <source>Stopped half-way</source>
   <translation>中途停止</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>已完成</translation>
  </message>
  <message>
   <source>Undo interrupted</source>
   <translation>撤销中断</translation>
  </message>
  <message>
   <source>Partly undone</source>
   <translation>部分撤销</translation>
  </message>
  <message>
   <source>Undone</source>
   <translation>已撤销</translation>
  </message>
  <message>
   <source>{state}, {done} of {all}</source>
   <translation>{state}，{done} / {all}</translation>
  </message>
  <message>
   <source>{state}, {count} failed</source>
   <translation>{state}，{count} 个失败</translation>
  </message>
  <message>
   <source>RoomNet was stopped while it undid the sort of {when}: {done} of {all} are still in {folder}.</source>
   <translation>RoomNet 在撤销 {when} 的整理时中断：{all}中还有 {done} 张在 {folder}。</translation>
  </message>
  <message>
   <source>RoomNet was stopped on {when} while it copied {all} to {folder} ({done} done).</source>
   <translation>RoomNet 于 {when} 把 {all}复制到 {folder} 时中断（已完成 {done} 张）。</translation>
  </message>
  <message>
   <source>RoomNet was stopped on {when} while it moved {all} to {folder} ({done} done).</source>
   <translation>RoomNet 于 {when} 把 {all}移动到 {folder} 时中断（已完成 {done} 张）。</translation>
  </message>
  <message>
   <source>RoomNet was stopped on {when} while it linked {all} into {folder} ({done} done).</source>
   <translation>RoomNet 于 {when} 把 {all}链接到 {folder} 时中断（已完成 {done} 张）。</translation>
  </message>
  <message>
   <source>RoomNet was stopped on {when} while it wrote keywords into {all} ({done} done).</source>
   <translation>RoomNet 于 {when} 为 {all}写入关键字时中断（已完成 {done} 张）。</translation>
  </message>
 </context>
 <context>
  <name>SideBar</name>
  <message>
   <source>Rooms and states</source>
   <translation>房间和状态</translation>
  </message>
  <message>
   <source>All photos</source>
   <translation>所有照片</translation>
  </message>
  <message>
   <source>Rooms</source>
   <translation>房间</translation>
  </message>
  <message>
   <source>To check</source>
   <translation>待检查</translation>
  </message>
  <message>
   <source>Unsure</source>
   <translation>不确定</translation>
  </message>
  <message>
   <source>Not reviewed</source>
   <translation>未审阅</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>已处理</translation>
  </message>
  <message>
   <source>Corrected</source>
   <translation>已更正</translation>
  </message>
  <message>
   <source>Rejected</source>
   <translation>已排除</translation>
  </message>
  <message>
   <source>Problems</source>
   <translation>问题</translation>
  </message>
  <message>
   <source>{name}, {photos}</source>
   <translation>{name}，{photos}</translation>
  </message>
  <message>
   <source>Show {room}.</source>
   <translation>显示{room}。</translation>
  </message>
  <message>
   <source> or </source>
   <translation> 或 </translation>
  </message>
  <message>
   <source>Show {room}. The key {key} labels the selected photos as {room}.</source>
   <translation>显示{room}。按 {key} 键可把所选照片标为{room}。</translation>
  </message>
 </context>
 <context>
  <name>SortDialog</name>
  <message>
   <source>Sort into folders</source>
   <translation>整理到文件夹</translation>
  </message>
  <message>
   <source>Photos can be moved when all of them are classified.</source>
   <translation>所有照片识别完毕后才能移动。</translation>
  </message>
  <message>
   <source>Preset</source>
   <translation>预设</translation>
  </message>
  <message>
   <source>None</source>
   <translation>无</translation>
  </message>
  <message>
   <source>&amp;Preset:</source>
   <translation>预设(&amp;P)：</translation>
  </message>
  <message>
   <source>&amp;Save…</source>
   <translation>保存(&amp;S)…</translation>
  </message>
  <message>
   <source>Keep these options under a name</source>
   <translation>把这些选项存为预设</translation>
  </message>
  <message>
   <source>D&amp;elete</source>
   <translation>删除(&amp;E)</translation>
  </message>
  <message>
   <source>Forget this preset</source>
   <translation>删除此预设</translation>
  </message>
  <message>
   <source>How many photos go to which folder</source>
   <translation>每个文件夹的照片数</translation>
  </message>
  <message>
   <source>Old names and new names</source>
   <translation>原名称和新名称</translation>
  </message>
  <message>
   <source>Save preset</source>
   <translation>保存预设</translation>
  </message>
  <message>
   <source>Name of the preset:</source>
   <translation>预设名称：</translation>
  </message>
  <message>
   <source>Copy {photos}</source>
   <translation>复制 {photos}</translation>
  </message>
  <message>
   <source>Move {photos}</source>
   <translation>移动 {photos}</translation>
  </message>
  <message>
   <source>Link {photos}</source>
   <translation>链接 {photos}</translation>
  </message>
  <message>
   <source>photos</source>
   <translation>照片</translation>
  </message>
 </context>
 <context>
  <name>SortOutcomes</name>
  <message>
   <source>There was nothing to do: every photo stays where it is.</source>
   <translation>无需处理：所有照片都留在原处。</translation>
  </message>
  <message>
   <source>{photos} copied to {folder}</source>
   <translation>已将 {photos}复制到 {folder}</translation>
  </message>
  <message>
   <source>{photos} moved to {folder}</source>
   <translation>已将 {photos}移动到 {folder}</translation>
  </message>
  <message>
   <source>{photos} linked into {folder}</source>
   <translation>已将 {photos}链接到 {folder}</translation>
  </message>
  <message>
   <source>Keywords written into {photos} in {folder}</source>
   <translation>已把关键字写入 {folder} 中的 {photos}</translation>
  </message>
  <message>
   <source>{done} of {photos}</source>
   <translation>{done} / {photos}</translation>
  </message>
  <message>
   <source>The Edit menu can undo this, also after a restart.</source>
   <translation>可从“编辑”菜单撤销，重新启动后也可以。</translation>
  </message>
  <message>
   <source>You stopped it. Every file is whole; the rest can be done now or later, or all be undone.</source>
   <translation>已按您的要求停止。所有文件都是完整的；其余部分可以现在或以后完成，也可以全部撤销。</translation>
  </message>
  <message>
   <source>{photos} stayed where they are, as the preview said.</source>
   <translation>如预览所示，{photos}留在原处。</translation>
  </message>
  <message>
   <source>{photos} could not be sorted:</source>
   <translation>{photos}未能整理：</translation>
  </message>
  <message>
   <source>{files} back in their old place</source>
   <translation>{files}已恢复原位</translation>
  </message>
  <message>
   <source>{files} removed from the destination</source>
   <translation>已从目标位置移除 {files}</translation>
  </message>
  <message>
   <source>{files} as they were before</source>
   <translation>{files}已恢复原状</translation>
  </message>
  <message>
   <source>Nothing was undone</source>
   <translation>未撤销任何内容</translation>
  </message>
  <message>
   <source>Nothing was left to undo</source>
   <translation>没有可撤销的内容</translation>
  </message>
  <message>
   <source>Removed copies are in the trash; the originals were not touched.</source>
   <translation>移除的副本在回收站里；原件没有改动。</translation>
  </message>
  <message>
   <source>You stopped it. What is left can be undone later.</source>
   <translation>已按您的要求停止。其余部分可以以后撤销。</translation>
  </message>
  <message>
   <source>{files} could not be undone:</source>
   <translation>{files}未能撤销：</translation>
  </message>
 </context>
 <context>
  <name>SortPreview</name>
  <message>
   <source>Choose a destination folder.</source>
   <translation>请选择目标文件夹。</translation>
  </message>
  <message>
   <source>There is nothing to do: every photo stays where it is.</source>
   <translation>无需处理：所有照片都留在原处。</translation>
  </message>
  <message numerus="yes">
   <source>{photos} into %Ln folder(s), {size}.</source>
   <translation>
    <numerusform>{photos}放入 %Ln 个文件夹，共 {size}。</numerusform>
   </translation>
  </message>
  <message>
   <source>{photos} stay where they are.</source>
   <translation>{photos}留在原处。</translation>
  </message>
  <message>
   <source>Nothing is overwritten.</source>
   <translation>不会覆盖任何文件。</translation>
  </message>
  <message>
   <source>the name was taken</source>
   <translation>名称已被占用</translation>
  </message>
  <message>
   <source>with {name}</source>
   <translation>连同 {name}</translation>
  </message>
  <message>
   <source>with {files}</source>
   <translation>连同 {files}</translation>
  </message>
  <message>
   <source>For example {name}</source>
   <translation>例如 {name}</translation>
  </message>
  <message>
   <source>(the destination itself)</source>
   <translation>（目标文件夹本身）</translation>
  </message>
  <message>
   <source>Select it to see which, and why.</source>
   <translation>选中可查看是哪些照片及原因。</translation>
  </message>
  <message>
   <source>(stay where they are)</source>
   <translation>（留在原处）</translation>
  </message>
 </context>
 <context>
  <name>Sorts</name>
  <message>
   <source>Unsure</source>
   <translation>不确定</translation>
  </message>
  <message>
   <source>Copying {photos} to {folder}…</source>
   <translation>正在把 {photos}复制到 {folder}…</translation>
  </message>
  <message>
   <source>Moving {photos} to {folder}…</source>
   <translation>正在把 {photos}移动到 {folder}…</translation>
  </message>
  <message>
   <source>Linking {photos} into {folder}…</source>
   <translation>正在把 {photos}链接到 {folder}…</translation>
  </message>
  <message>
   <source>Sort into folders</source>
   <translation>整理到文件夹</translation>
  </message>
  <message>
   <source>Undoing the {sort}…</source>
   <translation>正在撤销{sort}…</translation>
  </message>
  <message>
   <source>Undo sort</source>
   <translation>撤销整理</translation>
  </message>
  <message>
   <source>Doing the {sort} again…</source>
   <translation>正在重做{sort}…</translation>
  </message>
  <message>
   <source>Redo sort</source>
   <translation>重做整理</translation>
  </message>
  <message>
   <source>Finishing the {sort}…</source>
   <translation>正在完成{sort}…</translation>
  </message>
  <message>
   <source>Finish sort</source>
   <translation>完成整理</translation>
  </message>
  <message>
   <source>&amp;Finish</source>
   <translation>完成(&amp;F)</translation>
  </message>
  <message>
   <source>&amp;Undo</source>
   <translation>撤销(&amp;U)</translation>
  </message>
  <message>
   <source>&amp;Go on undoing</source>
   <translation>继续撤销(&amp;G)</translation>
  </message>
  <message>
   <source>&amp;Redo</source>
   <translation>重做(&amp;R)</translation>
  </message>
  <message>
   <source>{folder} sorted</source>
   <translation>{folder} 已整理</translation>
  </message>
 </context>
 <context>
  <name>StepBar</name>
  <message>
   <source>1  Photos</source>
   <translation>1  照片</translation>
  </message>
  <message>
   <source>2  Method</source>
   <translation>2  方式</translation>
  </message>
  <message>
   <source>3  Training</source>
   <translation>3  训练</translation>
  </message>
  <message>
   <source>4  Result</source>
   <translation>4  结果</translation>
  </message>
  <message>
   <source>Mo&amp;dels…</source>
   <translation>模型(&amp;D)…</translation>
  </message>
  <message>
   <source>Use, rename, export, import and remove models</source>
   <translation>使用、重命名、导出、导入和删除模型</translation>
  </message>
 </context>
 <context>
  <name>TaskDialog</name>
  <message>
   <source>{done} of {total}</source>
   <translation>{done} / {total}</translation>
  </message>
  <message>
   <source> · {time} left</source>
   <translation> · 剩余 {time}</translation>
  </message>
  <message>
   <source>Open &amp;file</source>
   <translation>打开文件(&amp;F)</translation>
  </message>
  <message>
   <source>&amp;Open folder</source>
   <translation>打开文件夹(&amp;O)</translation>
  </message>
  <message>
   <source>&amp;Copy report</source>
   <translation>复制报告(&amp;C)</translation>
  </message>
  <message>
   <source>Stopping…</source>
   <translation>正在停止…</translation>
  </message>
 </context>
 <context>
  <name>TemplateField</name>
  <message>
   <source>Template of the new names</source>
   <translation>新名称的模板</translation>
  </message>
  <message>
   <source>Keep the names</source>
   <translation>保留原名</translation>
  </message>
  <message>
   <source>New &amp;names:</source>
   <translation>新名称(&amp;N)：</translation>
  </message>
  <message>
   <source>&amp;Insert</source>
   <translation>插入(&amp;I)</translation>
  </message>
  <message>
   <source>Insert a field into the template</source>
   <translation>在模板中插入字段</translation>
  </message>
  <message>
   <source>What a name can be made of</source>
   <translation>名称可用的字段</translation>
  </message>
 </context>
 <context>
  <name>Texts</name>
  <message numerus="yes">
   <source>%Ln photo(s)</source>
   <translation>
    <numerusform>%Ln 张照片</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%Ln file(s)</source>
   <translation>
    <numerusform>%Ln 个文件</numerusform>
   </translation>
  </message>
  <message>
   <source>{value}%</source>
   <translation>{value}%</translation>
  </message>
  <message>
   <source>cover</source>
   <translation>封面</translation>
  </message>
  <message>
   <source>rejected</source>
   <translation>已排除</translation>
  </message>
  <message>
   <source>The most accurate model, and the usual choice.</source>
   <translation>最准确的模型，一般选用它。</translation>
  </message>
  <message>
   <source>A very small model: quicker, and a little less accurate.</source>
   <translation>非常小的模型：更快，准确率略低。</translation>
  </message>
  <message>
   <source>The original RoomNet network, trained anew.</source>
   <translation>最初的 RoomNet 网络，经重新训练。</translation>
  </message>
  <message>
   <source>, </source>
   <translation>，</translation>
  </message>
  <message>
   <source>{room}, corrected by you</source>
   <translation>{room}，由您更正</translation>
  </message>
  <message>
   <source>{room}, confirmed by you</source>
   <translation>{room}，由您确认</translation>
  </message>
  <message>
   <source>not classified yet</source>
   <translation>尚未识别</translation>
  </message>
  <message>
   <source>perhaps {room}, {confidence}, please check</source>
   <translation>可能是{room}，{confidence}，请检查</translation>
  </message>
  <message>
   <source>{room}, {confidence}</source>
   <translation>{room}，{confidence}</translation>
  </message>
  <message>
   <source>Take back the room of {photos}</source>
   <translation>取消 {photos}的房间</translation>
  </message>
  <message>
   <source>Label {photos} as {room}</source>
   <translation>将 {photos}标为{room}</translation>
  </message>
  <message>
   <source>Accept {photos}</source>
   <translation>采纳 {photos}</translation>
  </message>
  <message>
   <source>Reject {photos}</source>
   <translation>排除 {photos}</translation>
  </message>
  <message>
   <source>Take back {photos}</source>
   <translation>恢复 {photos}</translation>
  </message>
  <message>
   <source>Make cover of {room}</source>
   <translation>设为{room}的封面</translation>
  </message>
  <message>
   <source>No longer cover of {room}</source>
   <translation>不再是{room}的封面</translation>
  </message>
  <message numerus="yes">
   <source>%Ln new photo(s)</source>
   <translation>
    <numerusform>%Ln 张新照片</numerusform>
   </translation>
  </message>
  <message>
   <source>{count} changed</source>
   <translation>{count} 张有改动</translation>
  </message>
  <message>
   <source>{count} gone</source>
   <translation>{count} 张已不在</translation>
  </message>
  <message>
   <source>In the opened folders: {changes}</source>
   <translation>已打开的文件夹中：{changes}</translation>
  </message>
  <message>
   <source>{engine} on {device} ({reason})</source>
   <translation>{engine}，{device}（{reason}）</translation>
  </message>
  <message>
   <source>{size} KB</source>
   <translation>{size} KB</translation>
  </message>
  <message>
   <source>{size} MB</source>
   <translation>{size} MB</translation>
  </message>
  <message>
   <source>{size} GB</source>
   <translation>{size} GB</translation>
  </message>
  <message>
   <source>{seconds} s</source>
   <translation>{seconds} 秒</translation>
  </message>
  <message>
   <source>{minutes} min {seconds} s</source>
   <translation>{minutes} 分 {seconds} 秒</translation>
  </message>
  <message>
   <source>{hours} h {minutes} min</source>
   <translation>{hours} 小时 {minutes} 分</translation>
  </message>
  <message>
   <source>File is gone</source>
   <translation>文件已不在</translation>
  </message>
  <message>
   <source>No permission</source>
   <translation>没有权限</translation>
  </message>
  <message>
   <source>Empty file</source>
   <translation>空文件</translation>
  </message>
  <message>
   <source>Not a photo</source>
   <translation>不是照片</translation>
  </message>
  <message>
   <source>Damaged</source>
   <translation>已损坏</translation>
  </message>
  <message>
   <source>Too large</source>
   <translation>过大</translation>
  </message>
  <message>
   <source>Cannot be read</source>
   <translation>无法读取</translation>
  </message>
 </context>
 <context>
  <name>Train</name>
  <message>
   <source>Disputed labels</source>
   <translation>有疑问的类别</translation>
  </message>
  <message>
   <source>Unreadable</source>
   <translation>无法读取</translation>
  </message>
  <message>
   <source>Duplicates</source>
   <translation>重复照片</translation>
  </message>
  <message>
   <source>Near duplicates</source>
   <translation>近似照片</translation>
  </message>
  <message>
   <source>Without a class</source>
   <translation>没有类别</translation>
  </message>
  <message>
   <source>All photos</source>
   <translation>所有照片</translation>
  </message>
  <message>
   <source>Classes</source>
   <translation>类别</translation>
  </message>
  <message>
   <source>To look at</source>
   <translation>值得一看</translation>
  </message>
  <message>
   <source>Left out</source>
   <translation>不用于训练</translation>
  </message>
  <message>
   <source>Done</source>
   <translation>已处理</translation>
  </message>
  <message>
   <source>The model in use is sure that these show something else. A class's key gives the photo that label, X leaves it out; what is right can stay.</source>
   <translation>当前模型确信这些照片属于别的类别。按类别的快捷键可改为该类别，按 X 则不用于训练；没有错的可以保持不变。</translation>
  </message>
  <message>
   <source>Nothing has to be done: they are kept together, all to learn from or all to check with.</source>
   <translation>无需处理：它们会放在一起，要么都用于训练，要么都用于验证。</translation>
  </message>
  <message>
   <source>These files cannot be read and are not used.</source>
   <translation>这些文件无法读取，不会使用。</translation>
  </message>
  <message>
   <source>{room}, {confidence}?</source>
   <translation>{room}，{confidence}？</translation>
  </message>
  <message>
   <source>Training is running</source>
   <translation>正在训练</translation>
  </message>
  <message>
   <source>“{name}” is still being trained.</source>
   <translation>“{name}”仍在训练中。</translation>
  </message>
  <message>
   <source>It can go on from its last epoch when RoomNet is started the next time.</source>
   <translation>下次启动 RoomNet 时，可从最后完成的一轮继续。</translation>
  </message>
  <message>
   <source>Close and go on &amp;next time</source>
   <translation>关闭，下次继续(&amp;N)</translation>
  </message>
  <message>
   <source>&amp;Throw the training away</source>
   <translation>放弃训练(&amp;T)</translation>
  </message>
  <message>
   <source>&amp;Do not close</source>
   <translation>不关闭(&amp;D)</translation>
  </message>
  <message>
   <source>Cancel the training</source>
   <translation>取消训练</translation>
  </message>
  <message>
   <source>Throw away what “{name}” has learned so far?</source>
   <translation>要放弃“{name}”到目前为止学到的内容吗？</translation>
  </message>
  <message>
   <source>Stop and keep the best would make a model of it instead.</source>
   <translation>如果想用它生成模型，请改用“停止并保留最佳结果”。</translation>
  </message>
  <message>
   <source>&amp;Cancel the training</source>
   <translation>取消训练(&amp;C)</translation>
  </message>
  <message>
   <source>&amp;Go on training</source>
   <translation>继续训练(&amp;G)</translation>
  </message>
  <message>
   <source>Validation accuracy</source>
   <translation>验证准确率</translation>
  </message>
  <message>
   <source>Loss</source>
   <translation>损失</translation>
  </message>
  <message>
   <source>F-score</source>
   <translation>F 值</translation>
  </message>
  <message>
   <source>Precision</source>
   <translation>精确率</translation>
  </message>
  <message>
   <source>Recall</source>
   <translation>召回率</translation>
  </message>
  <message>
   <source>Reliability</source>
   <translation>可靠性</translation>
  </message>
  <message>
   <source>Called {room}, {confidence}</source>
   <translation>判为{room}，{confidence}</translation>
  </message>
  <message>
   <source>Confidence</source>
   <translation>置信度</translation>
  </message>
  <message>
   <source>Epoch</source>
   <translation>轮次</translation>
  </message>
  <message>
   <source>Training</source>
   <translation>训练</translation>
  </message>
  <message>
   <source>Validation</source>
   <translation>验证</translation>
  </message>
  <message>
   <source>Ideal</source>
   <translation>理想</translation>
  </message>
  <message>
   <source>Share right</source>
   <translation>正确率</translation>
  </message>
  <message>
   <source>Most confident first. Where the model is right and the label wrong, a class's key corrects it; X leaves a photo out. “Train again with these” takes that over.</source>
   <translation>置信度最高的在前。如果模型判断正确而类别标错，按类别的快捷键可更正；按 X 则不用于训练。“用这些重新训练”会采用这些更正。</translation>
  </message>
  <message>
   <source>All mistakes</source>
   <translation>所有错误</translation>
  </message>
  <message>
   <source>Labelled</source>
   <translation>原类别</translation>
  </message>
  <message>
   <source>{value} points</source>
   <translation>{value} 个百分点</translation>
  </message>
  <message>
   <source> · {time} left</source>
   <translation> · 剩余 {time}</translation>
  </message>
  <message>
   <source>No training is running.</source>
   <translation>没有正在进行的训练。</translation>
  </message>
  <message>
   <source>Starting to train “{name}” ({recipe})…</source>
   <translation>正在开始训练“{name}”（{recipe}）…</translation>
  </message>
  <message>
   <source>Training “{name}” ({recipe})</source>
   <translation>正在训练“{name}”（{recipe}）</translation>
  </message>
  <message>
   <source>Pausing “{name}” after this step…</source>
   <translation>完成这一步后将暂停“{name}”…</translation>
  </message>
  <message>
   <source>“{name}” is paused. Nothing is lost, also when the window is closed.</source>
   <translation>“{name}”已暂停。不会丢失任何内容，关闭窗口也一样。</translation>
  </message>
  <message>
   <source>Stopping “{name}”: the best of it is measured and saved…</source>
   <translation>正在停止“{name}”：正在评估并保存最佳结果…</translation>
  </message>
  <message>
   <source>Cancelling “{name}”…</source>
   <translation>正在取消“{name}”…</translation>
  </message>
  <message>
   <source>“{name}” is ready.</source>
   <translation>“{name}”已完成。</translation>
  </message>
  <message>
   <source>“{name}” was left for later.</source>
   <translation>“{name}”已留待以后继续。</translation>
  </message>
  <message>
   <source>The training of “{name}” was cancelled. Nothing of it was kept.</source>
   <translation>“{name}”的训练已取消，没有保留任何内容。</translation>
  </message>
  <message>
   <source>The training of “{name}” came to a stop.</source>
   <translation>“{name}”的训练已中断。</translation>
  </message>
  <message>
   <source>Epoch {epoch} of {epochs}</source>
   <translation>第 {epoch} 轮，共 {epochs} 轮</translation>
  </message>
  <message>
   <source>{rate} photos/s</source>
   <translation>{rate} 张/秒</translation>
  </message>
  <message>
   <source>{time} left</source>
   <translation>剩余 {time}</translation>
  </message>
  <message>
   <source>{training} to learn from, {validation} to check with</source>
   <translation>{training}用于训练，{validation} 张用于验证</translation>
  </message>
 </context>
 <context>
  <name>TrainPage</name>
  <message>
   <source>my rooms</source>
   <translation>我的房间</translation>
  </message>
  <message>
   <source>Correct the mistakes</source>
   <translation>更正错误</translation>
  </message>
  <message>
   <source>{name} is being trained; one training runs at a time.</source>
   <translation>正在训练 {name}；同时只能进行一个训练。</translation>
  </message>
  <message>
   <source>There is nothing left of the training of {name}. Start it again.</source>
   <translation>{name} 的训练没有留下内容。请重新开始。</translation>
  </message>
  <message>
   <source>{name} is in use.</source>
   <translation>正在使用 {name}。</translation>
  </message>
 </context>
 <context>
  <name>TrainingRun</name>
  <message>
   <source>The training ended without a word. It can go on from its last epoch.</source>
   <translation>训练意外结束。可从最后完成的一轮继续。</translation>
  </message>
 </context>
 <context>
  <name>TrainingStatus</name>
  <message>
   <source>Training</source>
   <translation>训练</translation>
  </message>
  <message>
   <source>Show the training (Ctrl+2)</source>
   <translation>显示训练（Ctrl+2）</translation>
  </message>
  <message>
   <source>{name}: paused</source>
   <translation>{name}：已暂停</translation>
  </message>
  <message>
   <source>{name}: saving the best</source>
   <translation>{name}：正在保存最佳结果</translation>
  </message>
  <message>
   <source>Training {name}: {share}</source>
   <translation>正在训练 {name}：{share}</translation>
  </message>
 </context>
 <context>
  <name>UnfinishedBox</name>
  <message>
   <source>Unfinished training</source>
   <translation>未完成的训练</translation>
  </message>
  <message>
   <source>The training of “{name}” ({recipe}) that was started on {date} did not come to its end.</source>
   <translation>{date} 开始的“{name}”（{recipe}）的训练没有完成。</translation>
  </message>
  <message>
   <source>{share} of it is done and kept. It can go on from there now, or later.</source>
   <translation>已完成并保留了 {share}。可以现在从那里继续，也可以以后再说。</translation>
  </message>
  <message>
   <source>&amp;Go on</source>
   <translation>继续(&amp;G)</translation>
  </message>
  <message>
   <source>&amp;Throw away</source>
   <translation>放弃(&amp;T)</translation>
  </message>
  <message>
   <source>&amp;Later</source>
   <translation>以后再说(&amp;L)</translation>
  </message>
 </context>
 <context>
  <name>UnsavedQuestion</name>
  <message>
   <source>RoomNet</source>
   <translation>RoomNet</translation>
  </message>
  <message>
   <source>You looked at {photos}, and have not exported or sorted them.</source>
   <translation>您审阅了 {photos}，但尚未导出或整理。</translation>
  </message>
  <message>
   <source>RoomNet goes on without saving: without an export your labels are lost.</source>
   <translation>RoomNet 目前不保存标记：如不导出，您的标记会丢失。</translation>
  </message>
  <message>
   <source>&amp;Export…</source>
   <translation>导出(&amp;E)…</translation>
  </message>
 </context>
 <context>
  <name>Welcome</name>
  <message>
   <source>Welcome to RoomNet</source>
   <translation>欢迎使用 RoomNet</translation>
  </message>
  <message>
   <source>House photos, sorted by room</source>
   <translation>按房间整理房屋照片</translation>
  </message>
  <message>
   <source>Everything stays on this computer: no photo and no name leaves it.</source>
   <translation>一切都留在这台电脑上：照片和文件名都不会外传。</translation>
  </message>
  <message>
   <source>Try it with &amp;sample photos</source>
   <translation>用示例照片试一试(&amp;S)</translation>
  </message>
  <message>
   <source>&amp;Open folder…</source>
   <translation>打开文件夹(&amp;O)…</translation>
  </message>
  <message>
   <source>Drop your photos into the window</source>
   <translation>把照片拖入窗口</translation>
  </message>
  <message>
   <source>A folder or single photos. RoomNet looks at each of them and names the room that it shows.</source>
   <translation>文件夹或若干张照片都可以。RoomNet 会逐张查看，并说出照片拍的是哪个房间。</translation>
  </message>
  <message>
   <source>Have the last word</source>
   <translation>由您决定</translation>
  </message>
  <message>
   <source>Photos that it is unsure about are marked. One key gives a photo its room, and every step can be undone.</source>
   <translation>拿不准的照片会有标记。按一个键就能为照片指定房间，每一步都可以撤销。</translation>
  </message>
  <message>
   <source>Take the result with you</source>
   <translation>带走结果</translation>
  </message>
  <message>
   <source>Sort the photos into a folder for each room, or export them to Excel. Nothing is ever overwritten, and a sort can be undone, even weeks later.</source>
   <translation>把照片按房间整理到各自的文件夹，或导出到 Excel。绝不覆盖任何文件；整理可以撤销，几周之后也行。</translation>
  </message>
 </context>
 <context>
  <name>_Bar</name>
  <message>
   <source>Dismiss</source>
   <translation>关闭</translation>
  </message>
  <message>
   <source>Dismiss: {text}</source>
   <translation>关闭：{text}</translation>
  </message>
 </context>
 <context>
  <name>_FilterList</name>
  <message>
   <source>What to show</source>
   <translation>显示内容</translation>
  </message>
  <message>
   <source>{name}, {photos}</source>
   <translation>{name}，{photos}</translation>
  </message>
 </context>
 <context>
  <name>_LabelledModel</name>
  <message>
   <source>left out</source>
   <translation>不用于训练</translation>
  </message>
 </context>
</TS>
