; The Windows installer, for Inno Setup 6.3 or newer. packaging/build.py passes Version, Flavour and Icon:
;   iscc /DVersion=0.1.0 /DFlavour=light /DIcon=build\icons\roomnet.ico packaging\windows\roomnet.iss
; It installs for one user, without administrator's rights. The user's own data is elsewhere, and uninstalling leaves it.
#ifndef Version
  #error Version is not defined
#endif
#ifndef Flavour
  #define Flavour "light"
#endif

[Setup]
; Both flavours are one program: the one replaces the other.
AppId={{6C1B7B0E-6C1D-4B8E-9C63-0C9A5D1B7F21}
AppName=RoomNet
AppVersion={#Version}
AppVerName=RoomNet {#Version} ({#Flavour})
AppPublisher=The RoomNet developers
VersionInfoVersion={#Version}
VersionInfoDescription=RoomNet Setup
DefaultDirName={autopf}\RoomNet
DefaultGroupName=RoomNet
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
SourceDir=..\..
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\roomnet-gui.exe
LicenseFile=LICENSE
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
CloseApplications=yes
ChangesAssociations=yes
WizardStyle=modern

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"

[CustomMessages]
SortPhotos=Sort photos with RoomNet
ContextMenu=Add "%1" to the context menu of folders and drives

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: "contextmenu"; Description: "{cm:ContextMenu,{cm:SortPhotos}}"

[InstallDelete]
; What an older version had and this one has not must not be found by Python.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "dist\roomnet-{#Flavour}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\RoomNet"; Filename: "{app}\roomnet-gui.exe"; WorkingDir: "{userdocs}"
Name: "{autodesktop}\RoomNet"; Filename: "{app}\roomnet-gui.exe"; WorkingDir: "{userdocs}"; Tasks: desktopicon

[Registry]
; HKA is the user's part of the registry, as nobody else's may be written. %1 is what was clicked, %V the folder that is
; open. A drive, such as a camera's card, is D:\, whose backslash would take the quote after it along: so \. follows.
Root: HKA; Subkey: "Software\Classes\Directory\shell\RoomNet"; ValueType: string; ValueData: "{cm:SortPhotos}"; Flags: uninsdeletekey; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Directory\shell\RoomNet"; ValueType: string; ValueName: "Icon"; ValueData: """{app}\roomnet-gui.exe"",0"; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Directory\shell\RoomNet\command"; ValueType: string; ValueData: """{app}\roomnet-gui.exe"" ""%1\."""; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Directory\Background\shell\RoomNet"; ValueType: string; ValueData: "{cm:SortPhotos}"; Flags: uninsdeletekey; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Directory\Background\shell\RoomNet"; ValueType: string; ValueName: "Icon"; ValueData: """{app}\roomnet-gui.exe"",0"; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Directory\Background\shell\RoomNet\command"; ValueType: string; ValueData: """{app}\roomnet-gui.exe"" ""%V\."""; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Drive\shell\RoomNet"; ValueType: string; ValueData: "{cm:SortPhotos}"; Flags: uninsdeletekey; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Drive\shell\RoomNet"; ValueType: string; ValueName: "Icon"; ValueData: """{app}\roomnet-gui.exe"",0"; Tasks: contextmenu
Root: HKA; Subkey: "Software\Classes\Drive\shell\RoomNet\command"; ValueType: string; ValueData: """{app}\roomnet-gui.exe"" ""%1\."""; Tasks: contextmenu
; "Open with" for photos.
Root: HKA; Subkey: "Software\Classes\Applications\roomnet-gui.exe"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "RoomNet"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\Applications\roomnet-gui.exe\shell\open\command"; ValueType: string; ValueData: """{app}\roomnet-gui.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\Applications\roomnet-gui.exe\SupportedTypes"; ValueType: string; ValueName: ".jpg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\roomnet-gui.exe\SupportedTypes"; ValueType: string; ValueName: ".jpeg"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\roomnet-gui.exe\SupportedTypes"; ValueType: string; ValueName: ".png"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\Applications\roomnet-gui.exe\SupportedTypes"; ValueType: string; ValueName: ".heic"; ValueData: ""

[Run]
Filename: "{app}\roomnet-gui.exe"; Description: "{cm:LaunchProgram,RoomNet}"; Flags: nowait postinstall skipifsilent
