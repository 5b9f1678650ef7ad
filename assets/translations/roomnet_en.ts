<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>DataPage</name>
  <message numerus="yes">
   <source>{photos} of %Ln class(es)</source>
   <translation>
    <numerusform>{photos} of %Ln class</numerusform>
    <numerusform>{photos} of %Ln classes</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>MethodPage</name>
  <message numerus="yes">
   <source>{photos} of %Ln class(es)</source>
   <translation>
    <numerusform>{photos} of %Ln class</numerusform>
    <numerusform>{photos} of %Ln classes</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ProblemList</name>
  <message numerus="yes">
   <source>%Ln file(s) could not be read. What is in them can still be labelled by hand.</source>
   <translation>
    <numerusform>%Ln file could not be read. It can still be labelled by hand.</numerusform>
    <numerusform>%Ln files could not be read. They can still be labelled by hand.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>ProgressArea</name>
  <message numerus="yes">
   <source>, %Ln more folder(s) to come</source>
   <translation>
    <numerusform>, %Ln more folder waits</numerusform>
    <numerusform>, %Ln more folders wait</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>SortPreview</name>
  <message numerus="yes">
   <source>{photos} into %Ln folder(s), {size}.</source>
   <translation>
    <numerusform>{photos} into %Ln folder, {size}.</numerusform>
    <numerusform>{photos} into %Ln folders, {size}.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Texts</name>
  <message numerus="yes">
   <source>%Ln photo(s)</source>
   <translation>
    <numerusform>%Ln photo</numerusform>
    <numerusform>%Ln photos</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%Ln file(s)</source>
   <translation>
    <numerusform>%Ln file</numerusform>
    <numerusform>%Ln files</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%Ln new photo(s)</source>
   <translation>
    <numerusform>%Ln new photo</numerusform>
    <numerusform>%Ln new photos</numerusform>
   </translation>
  </message>
 </context>
</TS>
