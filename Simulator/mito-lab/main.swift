import MitoLab

// What a lab is made of: its supervisor, its hosts, and what stands for their programs elsewhere.
LabProgram.main()
